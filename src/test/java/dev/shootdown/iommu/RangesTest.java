package dev.shootdown.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.device.Device;
import dev.shootdown.device.DeviceOptions;
import dev.shootdown.machine.Configuration;
import dev.shootdown.machine.Machine;
import dev.shootdown.machine.Vendor;
import dev.shootdown.sim.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The worked ranges: pages from 0x7f0000000000, the commands that each vendor's driver makes of them by their second words
 * (those without an address left out of it: offsets from there), and the pages that are really covered, in the IOMMU and in a
 * device. Two pages on the line of a gibibyte cost two where pages are counted and half a million where one block covers
 * them.
 */
class RangesTest {
    private static final int PASID = 1;
    private static final long BASE = 0x7f00_0000_0000L;
    private static final int PAGE_SHIFT = 12;

    @ParameterizedTest
    @CsvSource({
        "AMD, 6.18, 0x1, 0x2, 1006, 1, 1004, 1",
        "AMD, 6.18, 0x2, 0x4, 2007, 2, 2005, 2",
        "AMD, 6.18, 0x1, 0x3, 1007, 4, 1005, 4",
        "AMD, 6.18, 0x3, 0x5, 3007, 8, 3005, 8",
        "AMD, 6.18, 0x7, 0xb, 7007, 16, 7005, 16",
        "AMD, 6.18, 0x0, 0x21, 1f007, 64, 1f005, 64",
        "AMD, 6.18, 0x0, 0x3f, 1f007, 64, 1f005, 64",
        "AMD, 6.18, 0x0, 0x200, ff007, 512, ff005, 512",
        "AMD, 6.18, 0x1ff, 0x401, 3ff007, 2048, 3ff005, 2048",
        "AMD, 6.18, 0x3ffff, 0x40001, 3ffff007, 524288, 3ffff005, 524288",

        "INTEL, 6.18, 0x1, 0x2, 1000, 1, 1000, 1",
        "INTEL, 6.18, 0x2, 0x4, 2001, 2, 2800, 2",
        "INTEL, 6.18, 0x1, 0x3, 2, 4, 1800, 4",
        "INTEL, 6.18, 0x3, 0x5, 3, 8, 3800, 8",
        "INTEL, 6.18, 0x7, 0xb, 4, 16, 7800, 16",
        "INTEL, 6.18, 0x0, 0x21, 6, 64, 1f800, 64",
        "INTEL, 6.18, 0x0, 0x3f, 6, 64, 1f800, 64",
        "INTEL, 6.18, 0x0, 0x200, 9, 512, ff800, 512",
        "INTEL, 6.18, 0x1ff, 0x401, b, 2048, 3ff800, 2048",
        "INTEL, 6.18, 0x3ffff, 0x40001, 13, 524288, 3ffff800, 524288",

        "INTEL, 6.6, 0x1, 0x2, 1000, 1, 1000, 1",
        "INTEL, 6.6, 0x2, 0x4, 2001, 2, 2800, 2",
        "INTEL, 6.6, 0x1, 0x3, 1 2001, 4, 800 2800, 4",
        "INTEL, 6.6, 0x3, 0x5, 2001 4001, 4, 2800 4800, 4",
        "INTEL, 6.6, 0x7, 0xb, 4002 8002, 8, 5800 9800, 8",
        "INTEL, 6.6, 0x0, 0x21, 6, 64, 1f800, 64",
        "INTEL, 6.6, 0x0, 0x3f, 6, 64, 1f800, 64",
        "INTEL, 6.6, 0x0, 0x200, 9, 512, ff800, 512",
        "INTEL, 6.6, 0x1ff, 0x401, a 40000a, 2048, 1ff800 5ff800, 2048",
        "INTEL, 6.6, 0x3ffff, 0x40001, 3fffe001 40000001, 4, 3fffe800 40000800, 4",
    })
    void aRangeIsTheseCommands(Vendor vendor, String kernel, String first, String behind, String iotlb, long inIommu, String atc, long inDevice) {
        Machine machine = new Machine(Configuration.standard().kernel(kernel));
        Iommu iommu = machine.iommu("iommu0", vendor, IommuOptions.DEFAULT);
        Device gpu = machine.device("gpu", iommu, DeviceOptions.DEFAULT.ats(true));
        long start = BASE + (Long.decode(first) << PAGE_SHIFT);
        long end = BASE + (Long.decode(behind) << PAGE_SHIFT);
        List<Command> toIommu = commands(iommu.flushIotlb(PASID, start, end));
        List<Command> toDevice = commands(iommu.flushAtc(gpu.number(), PASID, start, end));
        assertThat(offsets(toIommu)).isEqualTo(words(iotlb));
        assertThat(covered(toIommu)).isEqualTo(inIommu);
        assertThat(offsets(toDevice)).isEqualTo(words(atc));
        assertThat(covered(toDevice)).isEqualTo(inDevice);
        assertThat(toIommu.getFirst().start()).isLessThanOrEqualTo(start);
        assertThat(toIommu.getLast().end()).isGreaterThanOrEqualTo(end);
    }

    private static List<Command> commands(List<Step> steps) {
        List<Command> commands = new ArrayList<>();
        for (Step step : steps) {
            commands.add(((Enqueue) step).command());
        }
        return commands;
    }

    private static List<Long> offsets(List<Command> commands) {
        return commands.stream().map(command -> command.word(1) - BASE).toList();
    }

    private static List<Long> words(String hex) {
        return Arrays.stream(hex.split(" ")).map(word -> Long.parseLong(word, 16)).toList();
    }

    /** Blocks of one list do not overlap. */
    private static long covered(List<Command> commands) {
        return commands.stream().mapToLong(command -> command.end() - command.start() >>> PAGE_SHIFT).sum();
    }

    /** The whole address space: one command of the PASID; from 6.10 on Intel's drops a device's entries of all PASIDs. */
    @ParameterizedTest
    @CsvSource({
        "AMD, 6.18, INVALIDATE_IOMMU_PAGES, INVALIDATE_IOTLB_PAGES",
        "INTEL, 6.6, piotlb_invalidate, pasid_device_tlb_invalidate",
        "INTEL, 6.18, piotlb_invalidate, device_tlb_invalidate",
    })
    void everythingIsOneCommand(Vendor vendor, String kernel, String iotlb, String atc) {
        Machine machine = new Machine(Configuration.standard().kernel(kernel));
        Iommu iommu = machine.iommu("iommu0", vendor, IommuOptions.DEFAULT);
        Device gpu = machine.device("gpu", iommu, DeviceOptions.DEFAULT.ats(true));
        Command toIommu = commands(iommu.flushIotlb(PASID, 0, Caches.EVERYTHING)).getFirst();
        Command toDevice = commands(iommu.flushAtc(gpu.number(), PASID, 0, Caches.EVERYTHING)).getFirst();
        assertThat(List.of(toIommu.name(), toDevice.name())).containsExactly(iotlb, atc);
        for (Command command : List.of(toIommu, toDevice)) {
            assertThat(command.start()).isZero();
            assertThat(command.end()).isEqualTo(Caches.EVERYTHING);
        }
    }
}
