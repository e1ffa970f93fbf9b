package dev.shootdown.iommu.amd;

import static dev.shootdown.device.Rig.ATS;
import static dev.shootdown.device.Rig.BUFFER;
import static dev.shootdown.device.Rig.PAGE;
import static dev.shootdown.device.Rig.PASID;
import static dev.shootdown.device.Rig.PLAIN;
import static dev.shootdown.device.Rig.PRI;
import static dev.shootdown.device.Rig.RW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.device.DeviceOptions;
import dev.shootdown.device.DmaAccess;
import dev.shootdown.device.Rig;
import dev.shootdown.memory.Entry;
import dev.shootdown.trace.Event;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The event log's codes, and the flags of an IO_PAGE_FAULT, one by one: what causes each and its line, or why nothing does. */
class EventTableTest {
    /** Above all memory of the rig. */
    private static final long NOWHERE = 1L << 42;

    private static final Map<Integer, String> NOT_CAUSED = Map.of(
            0xa, "EVENT_COUNTER_ZERO: it has no performance counters (EFR.PCSup=0)",
            0xd, "RMP_PAGE_FAULT: it has no reverse map table (EFR.SNPSup=0)",
            0xe, "RMP_HW_ERROR: as d");

    private static final Map<Integer, String> FLAGS_NOT_CAUSED = Map.of(
            0x008, "I: no interrupts are remapped",
            0x100, "TR: a translation request that finds no page is answered so and not logged");

    private record Row(int code, DeviceOptions device, Consumer<Rig> cause, String line) {}

    private static String ring(int slot) {
        return "address=0x%x".formatted(new Rig(PLAIN).amd0.commands().base() + slot * 16);
    }

    private static void writes(Rig rig) {
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
    }

    private static List<Row> rows() {
        return List.of(
                new Row(1, PLAIN, rig -> {
                    AmdFaultsTest.first(rig, AmdFaultsTest.first(rig) & ~1L);
                    writes(rig);
                }, "ILLEGAL_DEV_TABLE_ENTRY device=0000:00:01.0 pasid=0x00001 address=0x7f0000000000 flags=0x0021"),
                new Row(2, PLAIN, EventTableTest::writes, "IO_PAGE_FAULT domain=0x0001 address=0x7f0000000000 flags=0x0025"),
                new Row(3, PLAIN, rig -> {
                    rig.amd0.deviceTable(NOWHERE);
                    writes(rig);
                }, "DEV_TAB_HARDWARE_ERROR device=0000:00:01.0 address=0x40000000100 flags=0x0221"),
                new Row(4, PLAIN, rig -> {
                    rig.tables.entry(rig.table(BUFFER, 2), BUFFER, 2, Entry.of(NOWHERE >>> 12, RW));
                    writes(rig);
                }, "PAGE_TAB_HARDWARE_ERROR device=0000:00:01.0 pasid=0x0001 address=0x40000000000 flags=0x0221"),
                new Row(5, PLAIN, rig -> rig.run(rig.app, rig.amd0.command(new AmdCommand.Illegal(0, 1))), "ILLEGAL_COMMAND_ERROR " + ring(0)),
                new Row(6, PLAIN, rig -> {
                    rig.amd0.commands().base(NOWHERE);
                    rig.run(rig.app, rig.amd0.flushPasid(PASID));
                }, "COMMAND_HARDWARE_ERROR address=0x40000000000 flags=0x0200"),
                new Row(7, ATS.silent(true), rig -> rig.run(rig.app, rig.flush(BUFFER, BUFFER + PAGE)), "IOTLB_INV_TIMEOUT device=0000:00:01.0 " + ring(2)),
                new Row(8, ATS, rig -> {
                    AmdFaultsTest.second(rig, 1L << 32);
                    writes(rig);
                }, "INVALID_DEVICE_REQUEST device=0000:00:01.0 pasid=0x00001 address=0x7f0000000000 flags=0x0121"),
                new Row(9, PRI, rig -> {
                    AmdFaultsTest.first(rig, AmdFaultsTest.first(rig) & ~(1L << 52));
                    writes(rig);
                }, "INVALID_PPR_REQUEST device=0000:00:01.0 pasid=0x00001 address=0x7f0000000000 flags=0x0160 tag=0x200"));
    }

    @TestFactory
    Stream<DynamicTest> eachEventIsCausedRecordedAndPrinted() {
        return rows().stream().map(row -> DynamicTest.dynamicTest("%x".formatted(row.code), () -> {
            Rig rig = new Rig(row.device);
            row.cause.accept(rig);
            assertThat(rig.amd0.events().size()).isEqualTo(1);
            AmdEvent event = AmdEvent.decode(rig.amd0.events().word(0, 0), rig.amd0.events().word(0, 1));
            assertThat(event.code()).isEqualTo(row.code);
            List<String> lines = rig.all(Event.IoPageFault.class).stream().flatMap(fault -> fault.log().lines()).toList();
            assertThat(lines).containsOnlyOnce("AMD-Vi: Event logged [" + row.line + "]");
            assertThat(rig.done(rig.gpu.actor()) & rig.done(rig.app)).as("nobody hangs").isTrue();
        }));
    }

    @Test
    void everyEventIsCausedOrCannotBe() {
        Map<Integer, String> all = new TreeMap<>(NOT_CAUSED);
        rows().forEach(row -> assertThat(all.put(row.code, row.line)).isNull());
        assertThat(all.keySet()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 0xa, 0xd, 0xe);
    }

    // ---------------------------------------------------------------- flags of an IO_PAGE_FAULT

    private static int flags(long bits, boolean write, boolean execute, boolean privileged) {
        Rig rig = new Rig(PLAIN);
        if (bits != 0) {
            rig.map(BUFFER, bits);
        }
        DmaAccess access = write ? DmaAccess.write(0, PASID, BUFFER, BUFFER + PAGE, 1) : DmaAccess.read(0, PASID, BUFFER, BUFFER + PAGE);
        rig.run(rig.gpu.actor(), access.asking(execute, privileged));
        AmdEvent event = AmdEvent.decode(rig.amd0.events().word(0, 0), rig.amd0.events().word(0, 1));
        assertThat(event.code()).isEqualTo(AmdEvent.IO_PAGE_FAULT);
        assertThat(rig.last(Event.IoPageFault.class).log()).endsWith(" flags=0x%04x]".formatted(event.flags()));
        return event.flags();
    }

    /** What a fault says is what was done, and what was found: each flag is set by one thing alone. */
    @Test
    void everyFlagIsCausedOrCannotBe() {
        int plain = flags(0, false, false, false);
        assertThat(plain).isEqualTo(AmdEvent.GN | AmdEvent.US);
        Map<Integer, Integer> caused = new TreeMap<>();
        caused.put(AmdEvent.GN, plain & ~AmdEvent.US);
        caused.put(AmdEvent.NX, plain ^ flags(0, false, true, false));
        caused.put(AmdEvent.US, plain ^ flags(0, false, false, true));
        caused.put(AmdEvent.RW, plain ^ flags(0, true, false, false));
        int forbidden = flags(RW & ~Entry.USER, false, false, false);
        caused.put(AmdEvent.PE, plain ^ forbidden ^ AmdEvent.PR);
        caused.put(AmdEvent.PR, plain ^ forbidden ^ AmdEvent.PE);
        Rig rig = new Rig(PLAIN);
        rig.tables.entry(rig.table(BUFFER, 4), BUFFER, 4, Entry.of(rig.root, RW | Entry.HUGE));
        rig.run(rig.gpu.actor(), rig.read(BUFFER));
        int reserved = AmdEvent.decode(rig.amd0.events().word(0, 0), 0).flags();
        caused.put(AmdEvent.RZ, plain ^ reserved ^ AmdEvent.PR);
        assertThat(caused).allSatisfy((flag, set) -> assertThat(set).isEqualTo(flag));
        FLAGS_NOT_CAUSED.keySet().forEach(flag -> assertThat(caused.put(flag, flag)).isNull());
        assertThat(caused.keySet()).containsExactly(0x1, 0x2, 0x4, 0x8, 0x10, 0x20, 0x40, 0x80, 0x100);
    }
}
