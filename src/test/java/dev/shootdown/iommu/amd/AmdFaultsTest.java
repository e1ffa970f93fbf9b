package dev.shootdown.iommu.amd;

import static dev.shootdown.device.Rig.BUFFER;
import static dev.shootdown.device.Rig.PASID;
import static dev.shootdown.device.Rig.RO;
import static dev.shootdown.device.Rig.RW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shootdown.device.DeviceOptions;
import dev.shootdown.device.DmaAccess;
import dev.shootdown.device.Rig;
import dev.shootdown.iommu.DriverEra;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.iommu.LogFormat;
import dev.shootdown.memory.Entry;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import java.util.Locale;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every event that software can bring about, with its record and the kernel's line. */
class AmdFaultsTest {
    /** Above all memory of the rig. */
    private static final long NOWHERE = 1L << 30;

    static long first(Rig rig) {
        return rig.frames.word(rig.amd0.deviceTable() >>> 12, 4 * 8);
    }

    static void first(Rig rig, long word) {
        rig.frames.word(rig.amd0.deviceTable() >>> 12, 4 * 8, word);
    }

    static void second(Rig rig, long bits) {
        long frame = rig.amd0.deviceTable() >>> 12;
        rig.frames.word(frame, 4 * 8 + 1, rig.frames.word(frame, 4 * 8 + 1) ^ bits);
    }

    /** One thing that is wrong, and what becomes of a write by a device without ATS. */
    enum Cause {
        NOT_PRESENT(rig -> { }, 0x2025_0001_0000_0008L, "IO_PAGE_FAULT domain=0x0001 address=0x%x flags=0x0025"),
        READ_ONLY(rig -> rig.map(BUFFER, RO), 0x2075_0001_0000_0008L, "IO_PAGE_FAULT domain=0x0001 address=0x%x flags=0x0075"),
        SUPERVISOR(rig -> rig.map(BUFFER, RW & ~Entry.USER), 0x2075_0001_0000_0008L, "IO_PAGE_FAULT domain=0x0001 address=0x%x flags=0x0075"),
        RESERVED_BIT(rig -> rig.tables.entry(rig.table(BUFFER, 4), BUFFER, 4, Entry.of(rig.root, RW | Entry.HUGE)), 0x20b5_0001_0000_0008L,
                "IO_PAGE_FAULT domain=0x0001 address=0x%x flags=0x00b5"),
        NO_TABLE(rig -> rig.amd0.table(rig.gpu, PASID, 0), 0x2025_0001_0000_0008L, "IO_PAGE_FAULT domain=0x0001 address=0x%x flags=0x0025"),
        BLOCKED(rig -> first(rig, first(rig) & ~(3L << 61)), 0x2020_0001_0000_0008L, "IO_PAGE_FAULT domain=0x0001 address=0x%x flags=0x0020"),
        NOT_VALID(rig -> first(rig, first(rig) & ~1L), 0x1021_0001_0000_0008L,
                "ILLEGAL_DEV_TABLE_ENTRY device=0000:00:01.0 pasid=0x00001 address=0x%x flags=0x0021"),
        MODE_7(rig -> first(rig, first(rig) | 7L << 9), 0x10a1_0001_0000_0008L,
                "ILLEGAL_DEV_TABLE_ENTRY device=0000:00:01.0 pasid=0x00001 address=0x%x flags=0x00a1"),
        GLX_3(rig -> first(rig, first(rig) | 3L << 56), 0x10a1_0001_0000_0008L,
                "ILLEGAL_DEV_TABLE_ENTRY device=0000:00:01.0 pasid=0x00001 address=0x%x flags=0x00a1");

        private final Consumer<Rig> change;
        private final long word;
        private final String line;

        Cause(Consumer<Rig> change, long word, String line) {
            this.change = change;
            this.word = word;
            this.line = line;
        }
    }

    private static Rig caused(DeviceOptions device, Cause cause) {
        Rig rig = new Rig(device);
        cause.change.accept(rig);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        return rig;
    }

    private static String log(Rig rig) {
        return rig.last(Event.IoPageFault.class).log();
    }

    @ParameterizedTest
    @EnumSource
    void isLogged(Cause cause) {
        Rig rig = caused(DeviceOptions.DEFAULT, cause);
        assertThat(rig.amd0.events().size()).isEqualTo(1);
        assertThat(rig.amd0.events().word(0, 0)).isEqualTo(cause.word);
        assertThat(rig.amd0.events().word(0, 1)).isEqualTo(BUFFER);
        assertThat(log(rig).lines().findFirst()).contains("AMD-Vi: Event logged [" + cause.line.formatted(BUFFER) + "]");
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo("aborted");
    }

    /** What comes back without permissions is not logged; of what is, the record says that it was a translation request. */
    @ParameterizedTest
    @EnumSource
    void aTranslationRequest(Cause cause) {
        Rig rig = caused(Rig.ATS, cause);
        assertThat(rig.amd0.events().size()).isEqualTo(cause.line.startsWith("IO_PAGE_FAULT") ? 0 : 1);
        if (rig.amd0.events().ready()) {
            assertThat(rig.amd0.events().word(0, 0)).isEqualTo(cause.word | 1L << 48 + 8);
        }
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo("aborted");
    }

    @Test
    void theEntryIsPrintedBehindTheLine() {
        Rig rig = caused(DeviceOptions.DEFAULT, Cause.MODE_7);
        assertThat(log(rig).lines().skip(1)).hasSize(4).first()
                .isEqualTo(String.format(Locale.ROOT, "AMD-Vi: DTE[0]: %016x", first(rig)));
    }

    @Test
    void aTableInNoMemory() {
        Rig rig = new Rig(DeviceOptions.DEFAULT);
        rig.map(BUFFER, RW);
        rig.tables.entry(rig.table(BUFFER, 2), BUFFER, 2, Entry.of(NOWHERE, RW));
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        long address = (NOWHERE << 12) + 8L * Entry.index(BUFFER, 1);
        assertThat(rig.amd0.events().word(0, 0)).isEqualTo(0x4221_0001_0000_0008L);
        assertThat(rig.amd0.events().word(0, 1)).as("of the table's entry").isEqualTo(address);
        assertThat(log(rig)).isEqualTo("AMD-Vi: Event logged [PAGE_TAB_HARDWARE_ERROR device=0000:00:01.0 pasid=0x0001 address=0x%x flags=0x0221]"
                .formatted(address));
    }

    @Test
    void aGcr3TableInNoMemory() {
        Rig rig = new Rig(DeviceOptions.DEFAULT);
        DeviceTableEntry entry = new DeviceTableEntry(true, true, false, true, 1, NOWHERE << 12, AmdIommu.DOMAIN, false, false);
        first(rig, entry.word(0));
        second(rig, rig.frames.word(rig.amd0.deviceTable() >>> 12, 4 * 8 + 1) ^ entry.word(1));
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.amd0.events().word(0, 0) >>> 60).isEqualTo(AmdEvent.PAGE_TAB_HARDWARE_ERROR);
        assertThat(rig.amd0.events().word(0, 1)).isEqualTo((NOWHERE << 12) + 8L * PASID);
    }

    /** The base register names no memory. What the hardware has copied it goes on with. */
    @Test
    void aDeviceTableInNoMemory() {
        Rig rig = new Rig(DeviceOptions.DEFAULT);
        rig.map(BUFFER, RW);
        long table = rig.amd0.deviceTable();
        rig.amd0.deviceTable(NOWHERE << 12);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        long address = (NOWHERE << 12) + 8 * 32;
        assertThat(rig.amd0.events().word(0, 0)).isEqualTo(0x3221_0001_0000_0008L);
        assertThat(rig.amd0.events().word(0, 1)).as("of the entry").isEqualTo(address);
        assertThat(log(rig)).isEqualTo("AMD-Vi: Event logged [DEV_TAB_HARDWARE_ERROR device=0000:00:01.0 address=0x%x flags=0x0221]".formatted(address));
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo("aborted");
        rig.amd0.deviceTable(table);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        rig.amd0.deviceTable(NOWHERE << 12);
        rig.run(rig.app, rig.amd0.flushPasid(PASID));
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.last(Event.Dma.class).outcome()).as("a copy is there").isEqualTo("done");
        rig.run(rig.app, rig.amd0.flushDevice(0));
        rig.run(rig.app, rig.amd0.flushPasid(PASID));
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo("aborted");
    }

    /** What a command ring in no memory is to the hardware; who waits gives up, as in front of any ring that has stopped. */
    @Test
    void aCommandRingInNoMemory() {
        Rig rig = new Rig(DeviceOptions.DEFAULT);
        long ring = rig.amd0.commands().base();
        rig.amd0.commands().base(NOWHERE << 12);
        rig.run(rig.app, rig.amd0.flushPasid(PASID));
        assertThat(rig.amd0.stopped()).isTrue();
        assertThat(rig.amd0.events().word(0, 0)).isEqualTo(0x6200_0000_0000_0000L);
        assertThat(rig.amd0.events().word(0, 1)).isEqualTo(NOWHERE << 12);
        assertThat(log(rig)).isEqualTo("AMD-Vi: Event logged [COMMAND_HARDWARE_ERROR address=0x%x flags=0x0200]".formatted(NOWHERE << 12));
        rig.run(rig.app, rig.amd0.sync());
        assertThat(log(rig)).isEqualTo("AMD-Vi: Completion-Wait loop timed out");
        assertThat(rig.all(Event.IotlbInvalidate.class)).isEmpty();
        rig.amd0.commands().base(ring);
        rig.amd0.resume();
        rig.run();
        assertThat(rig.all(Event.IotlbInvalidate.class)).hasSize(1);
    }

    /** Logs in no memory: what is lost of them leaves no trace, and nobody waits for them. */
    @Test
    void logsInNoMemory() {
        Rig rig = new Rig(Rig.PRI);
        rig.amd0.events().base(NOWHERE << 12);
        rig.amd0.requests().base(NOWHERE << 12);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.amd0.hasRequest()).isFalse();
        assertThat(rig.gpu.waiting()).as("nobody answers").isTrue();
        rig.run(rig.app, rig.amd0.command(new AmdCommand.Illegal(0, 1)));
        assertThat(rig.amd0.events().ready()).isFalse();
        assertThat(rig.amd0.stopped()).isTrue();
        assertThatThrownBy(() -> rig.amd0.events().base(0x5000)).isInstanceOf(IllegalArgumentException.class);
    }

    /** I=0: the device is told that it may not ask, and turns ATS off. */
    @Test
    void aTranslationRequestWhereAtsIsNotAllowed() {
        Rig rig = new Rig(Rig.ATS);
        rig.map(BUFFER, RW);
        second(rig, 1L << 32);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(log(rig))
                .isEqualTo("AMD-Vi: Event logged [INVALID_DEVICE_REQUEST device=0000:00:01.0 pasid=0x00001 address=0x7f0000000000 flags=0x0121]");
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.last(Event.Dma.class).outcome()).as("untranslated").isEqualTo("done");
    }

    /** PPR=0: the record has the page request's own fields. */
    @Test
    void aPageRequestThatIsNotAllowed() {
        Rig rig = new Rig(Rig.PRI);
        first(rig, first(rig) & ~(1L << 52));
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.amd0.events().word(0, 0)).isEqualTo(0x9160_0200_0001_0008L);
        assertThat(log(rig)).isEqualTo("AMD-Vi: Event logged [INVALID_PPR_REQUEST device=0000:00:01.0 pasid=0x00001 address=0x7f0000000000"
                + " flags=0x0160 tag=0x200]");
        assertThat(rig.amd0.hasRequest()).isFalse();
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo("aborted");
        assertThat(rig.gpu.state()).isEqualTo("running");
    }

    /** SA keeps page faults out of the log, and nothing else. */
    @Test
    void aDeviceWhosePageFaultsAreSuppressed() {
        Rig rig = new Rig(DeviceOptions.DEFAULT);
        second(rig, 1L << 34);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.amd0.events().ready()).isFalse();
        assertThat(rig.last(Event.Dma.class).outcome()).isEqualTo("aborted");
    }

    // ---------------------------------------------------------------- the kernel's lines, version by version

    /** A row: an event's code, and its line up to 4.1, in 4.15, and from 6.0 on. */
    enum Line {
        ILLEGAL_DEV_TABLE_ENTRY("ILLEGAL_DEV_TABLE_ENTRY device=00:01.0 address=0x0000000000abc000 flags=0x0020", null,
                "ILLEGAL_DEV_TABLE_ENTRY device=0000:00:01.0 pasid=0x10001 address=0xabc000 flags=0x0020"),
        IO_PAGE_FAULT("IO_PAGE_FAULT device=00:01.0 domain=0x0001 address=0x0000000000abc000 flags=0x0020",
                "IO_PAGE_FAULT domain=0x0001 address=0x0000000000abc000 flags=0x0020", "IO_PAGE_FAULT domain=0x0001 address=0xabc000 flags=0x0020"),
        DEV_TAB_HARDWARE_ERROR("DEV_TAB_HARDWARE_ERROR device=00:01.0 address=0x0000000000abc000 flags=0x0020", null,
                "DEV_TAB_HARDWARE_ERROR device=0000:00:01.0 address=0xabc000 flags=0x0020"),
        PAGE_TAB_HARDWARE_ERROR("PAGE_TAB_HARDWARE_ERROR device=00:01.0 domain=0x0001 address=0x0000000000abc000 flags=0x0020", null,
                "PAGE_TAB_HARDWARE_ERROR device=0000:00:01.0 pasid=0x10001 address=0xabc000 flags=0x0020"),
        ILLEGAL_COMMAND_ERROR("ILLEGAL_COMMAND_ERROR address=0x0000000000abc000", null, "ILLEGAL_COMMAND_ERROR address=0xabc000"),
        COMMAND_HARDWARE_ERROR("COMMAND_HARDWARE_ERROR address=0x0000000000abc000 flags=0x0020", null,
                "COMMAND_HARDWARE_ERROR address=0xabc000 flags=0x0020"),
        IOTLB_INV_TIMEOUT("IOTLB_INV_TIMEOUT device=00:01.0 address=0x0000000000abc000", null,
                "IOTLB_INV_TIMEOUT device=0000:00:01.0 address=0xabc000"),
        INVALID_DEVICE_REQUEST("INVALID_DEVICE_REQUEST device=00:01.0 address=0x0000000000abc000 flags=0x0020", null,
                "INVALID_DEVICE_REQUEST device=0000:00:01.0 pasid=0x10001 address=0xabc000 flags=0x0020"),
        INVALID_PPR_REQUEST("UNKNOWN type=0x09", null,
                "INVALID_PPR_REQUEST device=0000:00:01.0 pasid=0x10001 address=0xabc000 flags=0x0020 tag=0x000"),
        EVENT_COUNTER_ZERO("UNKNOWN type=0x0a", null,
                "UNKNOWN event[0]=0x00010008 event[1]=0xa0200001 event[2]=0x00abc000 event[3]=0x00000000");

        private final String old;
        private final String middle;
        private final String now;

        Line(String old, String middle, String now) {
            this.old = old;
            this.middle = middle == null ? old : middle;
            this.now = now;
        }
    }

    @ParameterizedTest
    @EnumSource
    void asEachKernelPrintsIt(Line line) {
        AmdEvent event = new AmdEvent(line.ordinal() + 1, 8, 0x1_0001, 0x20, 0xabc000);
        assertThat(event.log(LogFormat.LINUX_3)).isEqualTo("AMD-Vi: Event logged [" + line.old + "]");
        assertThat(event.log(LogFormat.LINUX_4)).isEqualTo("AMD-Vi: Event logged [" + line.middle + "]");
        assertThat(event.log(LogFormat.LINUX_6)).isEqualTo("AMD-Vi: Event logged [" + line.now + "]");
    }

    /** A log of page requests that has lost one is written again when a driver that knows of that has read it empty. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anOverflowOfPageRequests(boolean restarts) {
        Rig rig = new Rig(Rig.PRI.group(4), IommuOptions.DEFAULT.requests(2).era(DriverEra.NEWEST.restarts(restarts)));
        rig.run(rig.gpu.actor(), DmaAccess.write(rig.gpu.number(), PASID, BUFFER, BUFFER + 4 * Rig.PAGE, 1));
        assertThat(rig.amd0.requestLog().overflowed()).isTrue();
        assertThat(rig.amd0.takeRequest()).isNotNull();
        rig.run(rig.app, new Emptied());
        assertThat(rig.amd0.requestLog().overflowed()).isEqualTo(!restarts);
    }

    private record Emptied() implements Step {
        @Override
        public void run(Turn turn) {
            turn.part(Iommus.class).get(0).emptied(turn);
        }
    }
}
