package dev.shootdown.iommu.amd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.device.Device;
import dev.shootdown.device.DeviceOptions;
import dev.shootdown.device.DmaAccess;
import dev.shootdown.device.Rig;
import dev.shootdown.iommu.DriverEra;
import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.iommu.PageSpan;
import dev.shootdown.trace.Event;
import java.util.List;
import org.junit.jupiter.api.Test;

/** From 6.10 on what is translated for each device has a domain of its own (gcr3_info.domid); before, here, an IOMMU has one. */
class DomainsTest {
    private final Rig rig = new Rig(DeviceOptions.DEFAULT);
    private final Device nic = rig.devices.device("nic", rig.amd0, DeviceOptions.DEFAULT);

    private static DmaAccess read(Device device) {
        return DmaAccess.read(device.number(), Rig.PASID, Rig.BUFFER, Rig.BUFFER + Rig.PAGE);
    }

    private String outcome(Rig of, Device device) {
        of.run(device.actor(), read(device));
        return of.last(Event.Dma.class).outcome();
    }

    /** One PASID, two processes: neither device finds what was translated for the other. */
    @Test
    void theSamePasidMayBeTwoProcesses() {
        rig.map(Rig.BUFFER, Rig.RW);
        rig.amd0.table(nic, Rig.PASID, rig.amd0.emptyTable());
        assertThat(outcome(rig, rig.gpu)).isEqualTo("done");
        assertThat(outcome(rig, nic)).isEqualTo("aborted");
        assertThat(rig.last(Event.IoPageFault.class).log()).contains("IO_PAGE_FAULT");
        assertThat(rig.amd0.iotlb().size(rig.amd0.tag(rig.gpu, Rig.PASID))).isEqualTo(1);
        assertThat(rig.amd0.iotlb().size(rig.amd0.tag(nic, Rig.PASID))).isZero();
        assertThat(Iommu.pasid(rig.amd0.tag(nic, Rig.PASID))).isEqualTo(Rig.PASID);
    }

    /** The device table entries name the domains, and commands about one leave the other alone, walks in flight too. */
    @Test
    void anInvalidationIsOfOneDomain() {
        rig.map(Rig.BUFFER, Rig.RW);
        rig.amd0.table(nic, Rig.PASID, rig.root);
        assertThat(rig.frames.word(rig.amd0.deviceTable() >>> 12, 4 * 8 + 1) & 0xffff).isEqualTo(1);
        assertThat(rig.frames.word(rig.amd0.deviceTable() >>> 12, 4 * 16 + 1) & 0xffff).isEqualTo(2);
        assertThat(outcome(rig, rig.gpu)).isEqualTo("done");
        assertThat(outcome(rig, nic)).isEqualTo("done");
        assertThat(rig.amd0.iotlb().size(-1)).isEqualTo(2);
        rig.assign(rig.gpu.actor(), DmaAccess.read(0, Rig.PASID, Rig.BUFFER + Rig.PAGE, Rig.BUFFER + 2 * Rig.PAGE));
        rig.map(Rig.BUFFER + Rig.PAGE, Rig.RW);
        rig.step(rig.gpu.actor());
        rig.assign(rig.app, rig.amd0.flushIotlb(nic.number(), Rig.PASID, 0, -1L));
        rig.exhaust(rig.app);
        assertThat(AmdCommand.decode(rig.amd0.commands().word(0), rig.amd0.commands().word(1)))
                .isInstanceOfSatisfying(AmdCommand.InvalidateIommuPages.class, command -> assertThat(command.domain()).isEqualTo(2));
        rig.exhaust(rig.amd0.hardware());
        assertThat(rig.gpu.walk().busy()).isTrue();
        assertThat(rig.gpu.walk().stale()).isFalse();
        assertThat(rig.amd0.iotlb().size(rig.amd0.tag(nic, Rig.PASID))).isZero();
        assertThat(rig.amd0.iotlb().size(rig.amd0.tag(rig.gpu, Rig.PASID))).isEqualTo(1);
    }

    /** Who names no device means all: a command for each domain. */
    @Test
    void whoNamesNoDeviceMeansAll() {
        rig.run(rig.app, rig.amd0.flushPasid(Rig.PASID));
        assertThat(rig.all(Event.Command.class)).hasSize(2);
        Rig before = new Rig(DeviceOptions.DEFAULT, IommuOptions.DEFAULT.era(DriverEra.NEWEST.domains(false)));
        Device second = before.devices.device("nic", before.amd0, DeviceOptions.DEFAULT);
        before.map(Rig.BUFFER, Rig.RW);
        before.amd0.table(second, Rig.PASID, before.root);
        assertThat(List.of(outcome(before, before.gpu), outcome(before, second))).containsOnly("done");
        assertThat(before.amd0.iotlb().size(Rig.PASID)).as("the second one finds what the first has left").isEqualTo(1);
        before.run(before.app, before.amd0.flushPasid(Rig.PASID));
        assertThat(before.all(Event.Command.class)).hasSize(1);
        assertThat(before.amd0.iotlb().size(-1)).isZero();
    }

    /** A domain that no device has is nobody's. */
    @Test
    void aDomainOfNobodyIsLeftAlone() {
        rig.map(Rig.BUFFER, Rig.RW);
        assertThat(outcome(rig, rig.gpu)).isEqualTo("done");
        rig.run(rig.app, rig.amd0.command(new AmdCommand.InvalidateIommuPages(Rig.PASID, 7, PageSpan.EVERYTHING, true, true)));
        assertThat(rig.all(Event.IotlbInvalidate.class)).isEmpty();
        assertThat(rig.amd0.iotlb().size(-1)).isEqualTo(1);
    }
}
