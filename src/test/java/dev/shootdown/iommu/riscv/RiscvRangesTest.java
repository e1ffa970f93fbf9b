package dev.shootdown.iommu.riscv;

import static dev.shootdown.iommu.riscv.RiscvRig.ATS;
import static dev.shootdown.iommu.riscv.RiscvRig.BUFFER;
import static dev.shootdown.iommu.riscv.RiscvRig.PAGE;
import static dev.shootdown.iommu.riscv.RiscvRig.PASID;
import static dev.shootdown.iommu.riscv.RiscvRig.PLAIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.iommu.Caches;
import dev.shootdown.iommu.Enqueue;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.sim.Step;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a driver sends for a range: the RISC-V column of the worked examples, and what hardware with S or without NL is sent. */
class RiscvRangesTest {
    private static List<RiscvCommand> commands(List<Step> steps) {
        return steps.stream().map(step -> (RiscvCommand) ((Enqueue) step).command()).toList();
    }

    private static List<RiscvCommand> iotlb(Capabilities capabilities, long from, long to) {
        RiscvRig rig = new RiscvRig(PLAIN, IommuOptions.DEFAULT, capabilities);
        return commands(rig.iommu.flushIotlb(PASID, BUFFER + from * PAGE, BUFFER + to * PAGE));
    }

    /** One command for each page below 2 MiB, from there on the whole address space. */
    @ParameterizedTest
    @CsvSource({"1, 2, 1", "2, 4, 2", "1, 3, 2", "3, 5, 2", "7, 11, 4", "0, 33, 33", "0, 63, 63", "0, 511, 511", "0, 512, 0", "0x1ff, 0x401, 0",
        "0x3ffff, 0x40001, 2"})
    void rangesAreSentPageByPageOrWhole(String from, String to, int pages) {
        long first = Long.decode(from);
        List<RiscvCommand> sent = iotlb(Capabilities.DEFAULT, first, Long.decode(to));
        if (pages == 0) {
            assertThat(sent).containsExactly(RiscvCommand.IotinvalVma.space(PASID));
            return;
        }
        assertThat(sent).hasSize(pages);
        for (int i = 0; i < pages; i++) {
            long page = BUFFER + (first + i) * PAGE;
            assertThat(sent.get(i).start()).isEqualTo(page);
            assertThat(sent.get(i).end()).isEqualTo(page + PAGE);
            assertThat(sent.get(i).words()).as("AV, PSCID 1, PSCV, NL; ADDR").containsExactly(0x5_0000_1401L, page >>> 2);
        }
    }

    /** With S the covered block is the smallest aligned power of two, which may be far larger than the range. */
    @ParameterizedTest
    @CsvSource({"1, 2, 1", "2, 4, 2", "1, 3, 4", "3, 5, 8", "7, 11, 16", "0, 33, 64", "0, 511, 512", "0x3ffff, 0x40001, 524288"})
    void withRangesOneCommandIsEnough(String from, String to, long covered) {
        List<RiscvCommand> sent = iotlb(Capabilities.DEFAULT.ranges(true), Long.decode(from), Long.decode(to));
        assertThat(sent).hasSize(1);
        assertThat(sent.getFirst().end() - sent.getFirst().start()).isEqualTo(covered * PAGE);
        assertThat(sent.getFirst().start()).isLessThanOrEqualTo(BUFFER + Long.decode(from) * PAGE);
        assertThat(sent.getFirst().end()).isGreaterThanOrEqualTo(BUFFER + Long.decode(to) * PAGE);
        assertThat(RiscvCommand.decode(sent.getFirst().low(), sent.getFirst().high(), Capabilities.DEFAULT.ranges(true))).isEqualTo(sent.getFirst());
    }

    @Test
    void withoutNlEveryFlushTakesTheAddressSpace() {
        assertThat(iotlb(Capabilities.DEFAULT.nonLeaf(false), 1, 2)).containsExactly(RiscvCommand.IotinvalVma.space(PASID));
        assertThat(RiscvCommand.IotinvalVma.space(PASID).words()).as("PSCID 1, PSCV").containsExactly(0x1_0000_1001L, 0L);
    }

    @Test
    void everythingIsTheAddressSpace() {
        RiscvRig rig = new RiscvRig(PLAIN);
        assertThat(commands(rig.iommu.flushIotlb(PASID, 0, Caches.EVERYTHING))).containsExactly(RiscvCommand.IotinvalVma.space(PASID));
        assertThat(commands(rig.iommu.flushPasid(PASID))).containsExactly(RiscvCommand.IotinvalVma.space(PASID));
        assertThat(rig.iommu.flushAtcAll(0, PASID)).as("no ATC").isEmpty();
    }

    /** A page that is cut through counts whole. */
    @Test
    void partsOfPagesAreWholePages() {
        RiscvRig rig = new RiscvRig(PLAIN);
        List<RiscvCommand> sent = commands(rig.iommu.flushIotlb(PASID, BUFFER + 100, BUFFER + PAGE + 1));
        assertThat(sent).extracting(RiscvCommand::start).containsExactly(BUFFER, BUFFER + PAGE);
    }

    @ParameterizedTest
    @CsvSource({"1, 2, 1", "2, 4, 2", "1, 3, 4", "3, 5, 8", "7, 11, 16", "0, 33, 64", "0, 63, 64", "0, 512, 512", "0x1ff, 0x401, 2048",
        "0x3ffff, 0x40001, 524288"})
    void aDeviceIsSentOneAlignedPowerOfTwo(String from, String to, long covered) {
        RiscvRig rig = new RiscvRig(ATS);
        List<RiscvCommand> sent = commands(rig.iommu.flushAtc(0, PASID, BUFFER + Long.decode(from) * PAGE, BUFFER + Long.decode(to) * PAGE));
        assertThat(sent).hasSize(1);
        assertThat(sent.getFirst().end() - sent.getFirst().start()).isEqualTo(covered * PAGE);
        assertThat(sent.getFirst().high() >>> 11 & 1).as("S").isEqualTo(covered == 1 ? 0 : 1);
    }

    @Test
    void everythingOfADeviceIsOneCommand() {
        RiscvRig rig = new RiscvRig(ATS);
        assertThat(commands(rig.iommu.flushAtcAll(0, PASID)).getFirst().words()).containsExactly(0x801_0000_1004L, 0x7fff_ffff_ffff_f800L);
    }
}
