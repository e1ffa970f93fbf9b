package dev.shootdown.iommu.riscv;

import static dev.shootdown.device.UnitRig.BUFFER;
import static dev.shootdown.device.UnitRig.PAGE;
import static dev.shootdown.device.UnitRig.PASID;
import static dev.shootdown.device.UnitRig.PLAIN;
import static dev.shootdown.device.UnitRig.RW;
import static dev.shootdown.iommu.riscv.RiscvRig.GPU;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.device.DmaAccess;
import dev.shootdown.iommu.IoasMap;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.memory.Entry;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The fault queue's causes, one by one: what brings each about, its record and its line, or why nothing does. */
class CauseTableTest {
    private static final long OUTSIDE = 1L << 30;

    private static final Map<Cause, String> NOT_CAUSED = Map.ofEntries(
            Map.entry(Cause.READ_ADDRESS_MISALIGNED, "no device here does anything atomically, which alone must be aligned"),
            Map.entry(Cause.WRITE_ADDRESS_MISALIGNED, "as 4"),
            Map.entry(Cause.MSI_PTE_LOAD_ACCESS_FAULT, "no MSI page tables (capabilities.MSI_FLAT=0)"),
            Map.entry(Cause.MSI_PTE_NOT_VALID, "as 261"),
            Map.entry(Cause.MSI_PTE_MISCONFIGURED, "as 261"),
            Map.entry(Cause.MRIF_ACCESS_FAULT, "no memory-resident interrupt files (capabilities.MSI_MRIF=0)"),
            Map.entry(Cause.DDT_DATA_CORRUPTION, "memory that is never corrupt"),
            Map.entry(Cause.PDT_DATA_CORRUPTION, "as 268"),
            Map.entry(Cause.MSI_PT_DATA_CORRUPTION, "as 261"),
            Map.entry(Cause.MRIF_DATA_CORRUPTION, "as 264"),
            Map.entry(Cause.INTERNAL_DATA_PATH_ERROR, "hardware that never fails inside"),
            Map.entry(Cause.MSI_WRITE_ACCESS_FAULT, "its own interrupts are wires or messages that arrive"),
            Map.entry(Cause.PT_DATA_CORRUPTION, "as 268"));

    private enum Kind {
        READ(FaultRecord.UNTRANSLATED_READ),
        WRITE(FaultRecord.UNTRANSLATED_WRITE),
        FETCH(FaultRecord.UNTRANSLATED_EXECUTE);

        private final int ttyp;

        Kind(int ttyp) {
            this.ttyp = ttyp;
        }

        DmaAccess access() {
            return this == WRITE ? DmaAccess.write(0, PASID, BUFFER, BUFFER + PAGE, 1)
                    : DmaAccess.read(0, PASID, BUFFER, BUFFER + PAGE).asking(this == FETCH, false);
        }
    }

    private record Row(Cause cause, boolean nested, Kind kind, Consumer<RiscvRig> what) {}

    private static void nowhere(RiscvRig rig) {
        rig.tables.entry(rig.table(BUFFER, 2), BUFFER, 2, Entry.of(OUTSIDE, RW));
    }

    /** The second stage lets nothing be done to the page. */
    private static void taken(RiscvRig rig) {
        rig.map(BUFFER, RW);
        rig.run(rig.app, new IoasMap(0, List.of(Entry.frame(rig.pte(BUFFER))), 0, false));
    }

    private static long nonLeaf(RiscvRig rig) {
        return DirectoryEntry.decode(rig.word(rig.iommu.deviceDirectory())).ppn() << 12;
    }

    private static List<Row> rows() {
        return List.of(
                new Row(Cause.INSTRUCTION_ACCESS_FAULT, false, Kind.FETCH, CauseTableTest::nowhere),
                new Row(Cause.READ_ACCESS_FAULT, false, Kind.READ, CauseTableTest::nowhere),
                new Row(Cause.WRITE_ACCESS_FAULT, false, Kind.WRITE, CauseTableTest::nowhere),
                new Row(Cause.INSTRUCTION_PAGE_FAULT, false, Kind.FETCH, rig -> rig.map(BUFFER, RW | Entry.NX)),
                new Row(Cause.READ_PAGE_FAULT, false, Kind.READ, rig -> { }),
                new Row(Cause.WRITE_PAGE_FAULT, false, Kind.WRITE, rig -> rig.map(BUFFER, RW & ~Entry.WRITE)),
                new Row(Cause.INSTRUCTION_GUEST_PAGE_FAULT, true, Kind.FETCH, CauseTableTest::taken),
                new Row(Cause.READ_GUEST_PAGE_FAULT, true, Kind.READ, CauseTableTest::taken),
                new Row(Cause.WRITE_GUEST_PAGE_FAULT, true, Kind.WRITE, CauseTableTest::taken),
                new Row(Cause.ALL_INBOUND_DISALLOWED, false, Kind.WRITE, rig -> rig.iommu.mode(0)),
                new Row(Cause.DDT_LOAD_ACCESS_FAULT, false, Kind.WRITE, rig -> rig.word(nonLeaf(rig), new DirectoryEntry(true, OUTSIDE).encode())),
                new Row(Cause.DDT_ENTRY_NOT_VALID, false, Kind.READ, rig -> rig.deviceContext(0, 0)),
                new Row(Cause.DDT_ENTRY_MISCONFIGURED, false, Kind.WRITE, rig -> rig.deviceContext(7, 1)),
                new Row(Cause.TRANSACTION_TYPE_DISALLOWED, false, Kind.FETCH, rig -> {
                    rig.deviceContext(0, 0x101);
                    rig.deviceContext(3, 9L << 60 | rig.root);
                }),
                new Row(Cause.PDT_LOAD_ACCESS_FAULT, false, Kind.WRITE, rig -> rig.deviceContext(3, 3L << 60 | OUTSIDE)),
                new Row(Cause.PDT_ENTRY_NOT_VALID, false, Kind.READ, rig -> rig.processContext(0, 0)),
                new Row(Cause.PDT_ENTRY_MISCONFIGURED, false, Kind.WRITE, rig -> rig.processContext(0, 9)));
    }

    @TestFactory
    Stream<DynamicTest> eachIsCausedRecordedAndPrinted() {
        return rows().stream().map(row -> DynamicTest.dynamicTest(row.cause.name(), () -> {
            RiscvRig rig = new RiscvRig(PLAIN, IommuOptions.DEFAULT.nested(row.nested), Capabilities.DEFAULT);
            row.what.accept(rig);
            long guest = row.nested ? Entry.frame(rig.pte(BUFFER)) << 12 : 0;
            rig.run(rig.gpu.actor(), row.kind.access());
            FaultRecord record = new FaultRecord(row.cause.code(), PASID, true, false, row.kind.ttyp, GPU, BUFFER, guest);
            assertThat(rig.faults()).containsExactly(record);
            assertThat(rig.log()).containsExactly("Fault %d devid: 0x8 iotval: 7f0000000000 iotval2: %x".formatted(row.cause.code(), guest));
            assertThat(rig.done(rig.gpu.actor())).isTrue();
        }));
    }

    @Test
    void everyCauseIsCausedOrCannotBe() {
        Set<Cause> told = EnumSet.copyOf(NOT_CAUSED.keySet());
        rows().forEach(row -> assertThat(told.add(row.cause)).as("%s once", row.cause).isTrue());
        assertThat(told).isEqualTo(EnumSet.allOf(Cause.class));
        assertThat(told).extracting(Cause::code).containsExactly(1, 4, 5, 6, 7, 12, 13, 15, 20, 21, 23, 256, 257, 258, 259, 260, 261, 262, 263, 264,
                265, 266, 267, 268, 269, 270, 271, 272, 273, 274);
    }
}
