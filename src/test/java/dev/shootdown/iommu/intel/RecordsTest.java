package dev.shootdown.iommu.intel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.iommu.LogFormat;
import dev.shootdown.memory.Translation;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Table entries, page requests and fault records, bit by bit, and the kernel's lines. */
class RecordsTest {
    // ---------------------------------------------------------------- tables

    @Test
    void halfARootEntry() {
        assertThat(new RootEntry(true, 0x12_3456_7000L).encode()).isEqualTo(0x12_3456_7001L);
        assertThat(RootEntry.decode(0x12_3456_7001L)).isEqualTo(new RootEntry(true, 0x12_3456_7000L));
        assertThat(RootEntry.reserved(0x12_3456_7003L)).isTrue();
    }

    static Stream<Arguments> contexts() {
        return Stream.of(
                Arguments.of(new ContextEntry(true, false, false, false, false, 0, 0, 0), 1, 0),
                Arguments.of(new ContextEntry(false, true, false, false, false, 0, 0, 0), 1 << 1, 0),
                Arguments.of(new ContextEntry(false, false, true, false, false, 0, 0, 0), 1 << 2, 0),
                Arguments.of(new ContextEntry(false, false, false, true, false, 0, 0, 0), 1 << 3, 0),
                Arguments.of(new ContextEntry(false, false, false, false, true, 0, 0, 0), 1 << 4, 0),
                Arguments.of(new ContextEntry(false, false, false, false, false, 7, 0, 0), 0xe00, 0),
                Arguments.of(new ContextEntry(false, false, false, false, false, 0, -4096, 0), -4096, 0),
                Arguments.of(new ContextEntry(false, false, false, false, false, 0, 0, 0xf_ffff), 0, 0xf_ffff),
                Arguments.of(new ContextEntry(false, false, false, false, false, true, 0, 0, 0), 1 << 6, 0));
    }

    @ParameterizedTest
    @MethodSource("contexts")
    void aContextEntry(ContextEntry entry, long low, long high) {
        assertThat(entry.word(0)).isEqualTo(low);
        assertThat(entry.word(1)).isEqualTo(high);
        assertThat(entry.word(2) | entry.word(3)).isZero();
        assertThat(ContextEntry.decode(low, high)).isEqualTo(entry);
        assertThat(ContextEntry.reserved(low, high, 0, 0)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0, 8191, true", "0, 8192, false", "3, 65535, true", "3, 65536, false", "7, 1048575, true"})
    void aDirectoryHoldsAsManyPasidsAsItSays(int directory, int pasid, boolean holds) {
        assertThat(new ContextEntry(true, false, true, true, true, directory, 0, 0).holds(pasid)).isEqualTo(holds);
    }

    static Stream<Arguments> pasids() {
        return Stream.of(
                Arguments.of(new PasidEntry(true, false, 0, 0, false, false, false, false, 0), 1, 0, 0),
                Arguments.of(new PasidEntry(false, true, 0, 0, false, false, false, false, 0), 2, 0, 0),
                Arguments.of(new PasidEntry(false, false, 7, 0, false, false, false, false, 0), 0x1c0, 0, 0),
                Arguments.of(new PasidEntry(false, false, 0, 0xffff, false, false, false, false, 0), 0, 0xffff, 0),
                Arguments.of(new PasidEntry(false, false, 0, 0, false, true, false, false, 0), 0, 0, 1),
                Arguments.of(new PasidEntry(false, false, 0, 0, false, false, true, false, 0), 0, 0, 2),
                Arguments.of(new PasidEntry(false, false, 0, 0, false, false, false, true, 0), 0, 0, 4),
                Arguments.of(new PasidEntry(false, false, 0, 0, false, false, false, false, -4096), 0, 0, -4096),
                Arguments.of(new PasidEntry(false, false, 0, 0, true, false, false, false, 0), 0, 1 << 23, 0),
                Arguments.of(new PasidEntry(false, false, 0, 7, 0, false, false, false, false, 0, 0), 0x1c, 0, 0),
                Arguments.of(new PasidEntry(false, false, 0, 0, 0, false, false, false, false, 0, -4096), -4096, 0, 0));
    }

    @ParameterizedTest
    @MethodSource("pasids")
    void aPasidEntry(PasidEntry entry, long first, long second, long third) {
        assertThat(new long[] {entry.word(0), entry.word(1), entry.word(2)}).containsExactly(first, second, third);
        assertThat(entry.word(3) | entry.word(7)).isZero();
        assertThat(PasidEntry.decode(first, second, third)).isEqualTo(entry);
    }

    /** Of each word the bits that software must leave 0. */
    @ParameterizedTest
    @CsvSource({"0, 0xe20", "1, 0xfffffffffe7f0000", "2, 0xf80", "3, -1", "7, -1"})
    void whatIsReservedInAPasidEntry(int index, String mask) {
        long reserved = mask.startsWith("-") ? -1 : Long.parseUnsignedLong(mask.substring(2), 16);
        for (int bit = 0; bit < Long.SIZE; bit++) {
            assertThat(PasidEntry.reserved(1L << bit, index)).as("bit %d of word %d", bit, index).isEqualTo((reserved & 1L << bit) != 0);
        }
    }

    static Stream<Arguments> legacies() {
        return Stream.of(
                Arguments.of(new LegacyContextEntry(true, false, 0, 0, 0, 0), 1, 0),
                Arguments.of(new LegacyContextEntry(false, true, 0, 0, 0, 0), 2, 0),
                Arguments.of(new LegacyContextEntry(false, false, 3, 0, 0, 0), 0xc, 0),
                Arguments.of(new LegacyContextEntry(false, false, 0, -4096, 0, 0), -4096, 0),
                Arguments.of(new LegacyContextEntry(false, false, 0, 0, 7, 0), 0, 7),
                Arguments.of(new LegacyContextEntry(false, false, 0, 0, 0, 0xffff), 0, 0xff_ff00));
    }

    @ParameterizedTest
    @MethodSource("legacies")
    void aContextEntryOfLegacyMode(LegacyContextEntry entry, long low, long high) {
        assertThat(new long[] {entry.word(0), entry.word(1)}).containsExactly(low, high);
        assertThat(LegacyContextEntry.decode(low, high)).isEqualTo(entry);
        assertThat(LegacyContextEntry.reserved(low, high)).isFalse();
        assertThat(LegacyContextEntry.reserved(low | 1 << 4, high) & LegacyContextEntry.reserved(low, high | 1 << 7)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"LEGACY, 0", "SCALABLE, 0x400", "RESERVED, 0x800", "ABORT_DMA, 0xc00"})
    void theRootTableAddress(RootTableAddress.Mode mode, String bits) {
        RootTableAddress register = new RootTableAddress(-4096, mode);
        assertThat(register.encode()).isEqualTo(-4096 | Long.decode(bits));
        assertThat(RootTableAddress.decode(register.encode())).isEqualTo(register);
    }

    // ---------------------------------------------------------------- page requests

    static Stream<Arguments> requests() {
        return Stream.of(
                Arguments.of(new PageRequestDescriptor(true, 0, 0, false, false, false, false, false, 0, 0), 0x101L, 0L),
                Arguments.of(new PageRequestDescriptor(false, 0xffff, 0, false, false, false, false, false, 0, 0), 0xffff_0001L, 0L),
                Arguments.of(new PageRequestDescriptor(false, 0, 0xf_ffff, false, false, false, false, false, 0, 0), 0xf_ffff_0000_0001L, 0L),
                Arguments.of(new PageRequestDescriptor(false, 0, 0, true, false, false, false, false, 0, 0), 0x10_0000_0000_0001L, 0L),
                Arguments.of(new PageRequestDescriptor(false, 0, 0, false, true, false, false, false, 0, 0), 0x20_0000_0000_0001L, 0L),
                Arguments.of(new PageRequestDescriptor(false, 0, 0, false, false, true, false, false, 0, 0), 1L, 1L),
                Arguments.of(new PageRequestDescriptor(false, 0, 0, false, false, false, true, false, 0, 0), 1L, 2L),
                Arguments.of(new PageRequestDescriptor(false, 0, 0, false, false, false, false, true, 0, 0), 1L, 4L),
                Arguments.of(new PageRequestDescriptor(false, 0, 0, false, false, false, false, false, 0x1ff, 0), 1L, 0xff8L),
                Arguments.of(new PageRequestDescriptor(false, 0, 0, false, false, false, false, false, 0, -4096), 1L, -4096L));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aPageRequest(PageRequestDescriptor request, long low, long high) {
        assertThat(request.word(0)).isEqualTo(low);
        assertThat(request.word(1)).isEqualTo(high);
        assertThat(request.word(2) | request.word(3)).isZero();
        assertThat(PageRequestDescriptor.decode(low, high)).isEqualTo(request);
    }

    @Test
    void theAccessOfARequest() {
        assertThat(PageRequestDescriptor.decode(1L << 52, 3).access()).isEqualTo(Translation.READ | Translation.WRITE | Translation.EXECUTE);
    }

    // ---------------------------------------------------------------- faults

    static Stream<Arguments> faults() {
        long filled = 1L << 63;
        return Stream.of(
                Arguments.of(new FaultRecord(-4096, 0, false, false, false, 0, 0, 0, false), -4096L, filled),
                Arguments.of(new FaultRecord(0, 0xffff, false, false, false, 0, 0, 0, false), 0L, filled | 0xffffL),
                Arguments.of(new FaultRecord(0, 0, true, false, false, 0, 0, 0, false), 0L, filled | 1L << 29),
                Arguments.of(new FaultRecord(0, 0, false, true, false, 0, 0, 0, false), 0L, filled | 1L << 30),
                Arguments.of(new FaultRecord(0, 0, false, false, true, 0, 0, 0, false), 0L, filled | 1L << 31),
                Arguments.of(new FaultRecord(0, 0, false, false, false, 0xff, 0, 0, false), 0L, filled | 0xff_0000_0000L),
                Arguments.of(new FaultRecord(0, 0, false, false, false, 0, 0xf_ffff, 0, false), 0L, filled | 0xfff_ff00_0000_0000L),
                Arguments.of(new FaultRecord(0, 0, false, false, false, 0, 0, 3, false), 0L, filled | 3L << 60),
                Arguments.of(new FaultRecord(0, 0, false, false, false, 0, 0, 0, true), 0L, filled | 1L << 62),
                Arguments.of(new FaultRecord(0, 0, false, false, false, 0, 0, 0, false, true), 0L, filled | 1L << 28));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aFaultRecord(FaultRecord record, long low, long high) {
        assertThat(record.word(0)).isEqualTo(low);
        assertThat(record.word(1)).isEqualTo(high);
        assertThat(FaultRecord.decode(low, high)).isEqualTo(record);
    }

    @Test
    void recordsComeBackAsTheyWereWritten() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 20_000; i++) {
            FaultRecord fault = new FaultRecord(random.nextLong() & -4096, random.nextInt(1 << 16), random.nextBoolean(), random.nextBoolean(),
                    random.nextBoolean(), random.nextInt(256), random.nextInt(1 << 20), random.nextInt(4), random.nextBoolean());
            assertThat(FaultRecord.decode(fault.word(0), fault.word(1))).isEqualTo(fault);
            PageRequestDescriptor request = new PageRequestDescriptor(random.nextBoolean(), random.nextInt(1 << 16), random.nextInt(1 << 20),
                    random.nextBoolean(), random.nextBoolean(), random.nextBoolean(), random.nextBoolean(), random.nextBoolean(),
                    random.nextInt(512), random.nextLong() & -4096);
            assertThat(PageRequestDescriptor.decode(request.word(0), request.word(1))).isEqualTo(request);
        }
    }

    @Test
    void theKernelsLines() {
        assertThat(new FaultRecord(0xfffca000L, 0x400, false, false, false, 0x41, 0, 0, true).log())
                .isEqualTo("DMAR: [DMA Read NO_PASID] Request device [04:00.0] fault addr 0xfffca000 [fault reason 0x41] SM: Present bit in Context Entry is clear");
        assertThat(new FaultRecord(0x7f00_0000_1000L, 0x8, false, false, true, 0x71, 0x2a, 0, false).log())
                .isEqualTo("DMAR: [DMA Write PASID 0x2a] Request device [00:01.0] fault addr 0x7f0000001000 [fault reason 0x71]"
                        + " SM: Present bit in first-level paging entry is clear");
        assertThat(new FaultRecord(0, 0, false, false, false, 0x49, 0, 0, false).log()).endsWith("[fault reason 0x49] Unknown");
    }

    /** Before 5.0 no reason of scalable mode has a text, reasons are decimal, and 3.16's line is two. */
    @Test
    void theSameAsOlderKernelsPrintIt() {
        FaultRecord record = new FaultRecord(0x7f00_0000_1000L, 0x8, false, false, true, 0x71, 0x2a, 0, false);
        assertThat(record.log(LogFormat.LINUX_4)).isEqualTo("DMAR: [DMA Write] Request device [00:01.0] fault addr 7f0000001000 [fault reason 113] Unknown");
        assertThat(record.log(LogFormat.LINUX_3)).isEqualTo(
                "dmar: DMAR:[DMA Write] Request device [00:01.0] fault addr 7f0000001000 \nDMAR:[fault reason 113] Unknown");
    }

    @Test
    void aStoppedQueueAsOlderKernelsPrintIt() {
        assertThat(new QueueError(QueueError.IQE, 0, 0xf, 0x12).log(LogFormat.LINUX_4)).isEqualTo("DMAR: VT-d detected invalid descriptor: low=f, high=12");
        assertThat(new QueueError(QueueError.IQE, 0, 0xf, 0x12).log(LogFormat.LINUX_3)).isEqualTo("dmar: VT-d detected invalid descriptor: low=f, high=12");
        assertThat(new QueueError(QueueError.ITE, 8, 0xf, 0x12).log(LogFormat.LINUX_4)).isEmpty();
    }

    @Test
    void theLinesOfAStoppedQueue() {
        assertThat(new QueueError(QueueError.IQE, 0, 0xf, 0x12).log()).isEqualTo("DMAR: VT-d detected Invalidation Queue Error: Reason 0");
        assertThat(new QueueError(QueueError.IQE, 0, 0xf, 0x12).headLog()).isEqualTo("DMAR: QI HEAD: UNKNOWN qw0 = 0xf, qw1 = 0x12");
        assertThat(new QueueError(QueueError.ITE, 0x108, 0x25, 0).log()).isEqualTo("DMAR: VT-d detected Invalidation Time-out Error: SID 108");
        assertThat(new QueueError(QueueError.ITE, 8, 0x25, 0x4000).headLog()).isEqualTo("DMAR: QI HEAD: Invalidation Wait qw0 = 0x25, qw1 = 0x4000");
    }
}
