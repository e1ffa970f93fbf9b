package dev.shootdown.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.device.Device;
import dev.shootdown.device.DeviceOptions;
import dev.shootdown.device.DmaAccess;
import dev.shootdown.machine.Configuration;
import dev.shootdown.machine.Machine;
import dev.shootdown.machine.Vendor;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Schedule;
import dev.shootdown.sim.Step;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Listener;
import dev.shootdown.trace.Moment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Traffic without a PASID, as of the DMA API: its invalidations, and its page requests, say that they have none. */
class WithoutPasidTest {
    private static final int PASID = 1;
    private static final long BUFFER = 0x7f00_0000_0000L;
    private static final long PAGE = 4096;

    private final List<Event> events = new ArrayList<>();

    private Machine machine(Vendor vendor, String kernel, DeviceOptions options) {
        Machine machine = new Machine(Configuration.standard().kernel(kernel));
        machine.device("gpu", machine.iommu("unit0", vendor, IommuOptions.DEFAULT), options);
        machine.trace().add(new Listener() {
            @Override
            public long kinds() {
                return -1;
            }

            @Override
            public void on(Moment moment) {
                events.add(moment.event());
            }
        });
        return machine;
    }

    private void run(Machine machine, List<? extends Step> steps, Actor who) {
        machine.engine().assign(who, steps);
        Schedule schedule = new Schedule.InOrder(List.of(who));
        for (var choice = schedule.next(machine.engine()); choice != null; choice = schedule.next(machine.engine())) {
            machine.engine().step(choice);
        }
    }

    private <E extends Event> E last(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList().getLast();
    }

    @ParameterizedTest
    @CsvSource({
        "AMD, 6.18, INVALIDATE_IOTLB_PAGES, 4000000820000008, 5",
        "INTEL, 6.6, device_tlb_invalidate, 800008003, 1",
        "INTEL, 6.18, device_tlb_invalidate, 800008003, 1",
        "ARM, 6.18, CMD_ATC_INV, 800000040, 1",
        "RISCV, 6.18, ATS.INVAL, 80000000004, 800"})
    void twoPagesOfADevice(Vendor vendor, String kernel, String name, String first, String flags) {
        Machine machine = machine(vendor, kernel, DeviceOptions.DEFAULT.ats(true));
        List<Step> steps = machine.iommu("unit0").flushAtc(machine.device("gpu").number(), 0, BUFFER, BUFFER + 2 * PAGE);
        Command command = ((Enqueue) steps.getFirst()).command();
        assertThat(command.name()).isEqualTo(name);
        assertThat(Long.toHexString(command.word(0))).isEqualTo(first);
        assertThat(Long.toHexString(command.word(1) - BUFFER)).isEqualTo(flags);
    }

    /** A message without a PASID: what has none goes in the range, and what has one at all addresses; AMD's has PASID 0. */
    @ParameterizedTest
    @EnumSource
    void whatADeviceDropsThen(Vendor vendor) {
        Machine machine = machine(vendor, "6.18", DeviceOptions.DEFAULT.ats(true));
        Device gpu = machine.device("gpu");
        for (int page = 0; page < 4; page++) {
            gpu.atc().fill(0, (BUFFER >>> 12) + page, Translation.of(9, Translation.READ), 0);
            gpu.atc().fill(PASID, (BUFFER >>> 12) + 16 + page, Translation.of(9, Translation.READ), 0);
        }
        Iommu iommu = machine.iommu("unit0");
        List<Step> steps = new ArrayList<>(iommu.flushAtc(gpu.number(), 0, BUFFER, BUFFER + 2 * PAGE));
        steps.addAll(iommu.sync());
        run(machine, steps, machine.kernelActor());
        assertThat(gpu.atc().size(0)).isEqualTo(2);
        assertThat(gpu.atc().size(PASID)).isEqualTo(vendor == Vendor.AMD ? 4 : 0);
        assertThat(last(Event.AtcInvalidate.class).dropped()).isEqualTo(vendor == Vendor.AMD ? 2 : 6);
    }

    /** Where the record says that there is a PASID: GN, PP, SSV, PV. */
    @ParameterizedTest
    @CsvSource({"AMD, 56", "INTEL, 8", "ARM, 63", "RISCV, 32"})
    void aPageRequestSaysWhetherItHasOne(Vendor vendor, int bit) {
        for (int pasid = 0; pasid < 2; pasid++) {
            Machine machine = machine(vendor, "6.18", DeviceOptions.DEFAULT.ats(true).pri(true));
            Ring.Slot entry = machine.iommu("unit0").entry(new PageRequest(0, pasid, BUFFER, 3, true, Translation.WRITE));
            assertThat(entry.word(0) >>> bit & 1).isEqualTo(pasid);
        }
    }

    /** Nobody is behind such a request: AMD's newest driver fails it with the generic code, the others say Invalid. */
    @ParameterizedTest
    @CsvSource({"AMD, 6.6, 1, running", "AMD, 6.18, 2, failed", "INTEL, 6.18, 1, running", "ARM, 6.18, 1, running", "RISCV, 6.18, 1, running"})
    void whatItIsAnswered(Vendor vendor, String kernel, int code, String state) {
        Machine machine = machine(vendor, kernel, DeviceOptions.DEFAULT.ats(true).pri(true));
        Device gpu = machine.device("gpu");
        machine.iommu("unit0").table(gpu, 0, machine.iommu("unit0").emptyTable());
        run(machine, List.of(DmaAccess.write(gpu.number(), 0, BUFFER, BUFFER + PAGE, 1)), gpu.actor());
        assertThat(last(Event.PageResponse.class).code()).isEqualTo(code);
        assertThat(gpu.state()).isEqualTo(state);
        if (code == 2) {
            assertThat(last(Event.IoPageFault.class).log()).isEqualTo("AMD-Vi: PPR logged [Request ignored due to GN=0 (device=0000:00:01.0"
                    + " pasid=0x00000 address=0x7f0000000000 flags=0x0060 tag=0x200]");
        }
    }
}
