package dev.shootdown.iommu.riscv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.iommu.PageRequest;
import dev.shootdown.iommu.Ring;
import dev.shootdown.memory.Translation;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records of the queues and entries of the directories: each field at its bits. */
class RecordsTest {
    private static final int ROUNDS = 10_000;

    private final SplittableRandom random = new SplittableRandom(20);

    private boolean flag() {
        return random.nextInt(2) == 0;
    }

    /** The entry has the bits high:low and no others. */
    private static void bits(Ring.Slot entry, int words, int high, int low, String where) {
        for (int bit = 0; bit < words * 64; bit++) {
            boolean expected = bit >= low && bit <= high;
            assertThat((entry.word(bit / 64) >>> bit & 1) != 0).as("%s bit %d", where, bit).isEqualTo(expected);
        }
    }

    // ---------------------------------------------------------------- fault queue

    private static FaultRecord fault(int cause, int pid, boolean pv, boolean priv, int ttyp, int did, long iotval, long iotval2) {
        return new FaultRecord(cause, pid, pv, priv, ttyp, did, iotval, iotval2);
    }

    @Test
    void faultRecordFields() {
        bits(fault(-1, 0, false, false, 0, 0, 0, 0), 4, 11, 0, "CAUSE");
        bits(fault(0, -1, false, false, 0, 0, 0, 0), 4, 31, 12, "PID");
        bits(fault(0, 0, true, false, 0, 0, 0, 0), 4, 32, 32, "PV");
        bits(fault(0, 0, false, true, 0, 0, 0, 0), 4, 33, 33, "PRIV");
        bits(fault(0, 0, false, false, -1, 0, 0, 0), 4, 39, 34, "TTYP");
        bits(fault(0, 0, false, false, 0, -1, 0, 0), 4, 63, 40, "DID");
        bits(fault(0, 0, false, false, 0, 0, -1, 0), 4, 191, 128, "iotval");
        bits(fault(0, 0, false, false, 0, 0, 0, -1), 4, 255, 192, "iotval2");
    }

    @Test
    void aFaultRecordComesBack() {
        for (int i = 0; i < ROUNDS; i++) {
            FaultRecord record = fault(random.nextInt(1 << 12), random.nextInt(1 << 20), flag(), flag(), random.nextInt(1 << 6),
                    random.nextInt(1 << 24), random.nextLong(), random.nextLong());
            assertThat(FaultRecord.decode(record)).isEqualTo(record);
        }
    }

    @Test
    void aFaultIsPrintedAsTheKernelDoes() {
        assertThat(fault(15, 1, true, false, 3, 0x108, 0x7f00_0000_1000L, 0).log())
                .isEqualTo("Fault 15 devid: 0x108 iotval: 7f0000001000 iotval2: 0");
    }

    @Test
    void causesHaveTheirCodes() {
        assertThat(Arrays.stream(Cause.values()).map(Cause::code)).containsExactly(1, 4, 5, 6, 7, 12, 13, 15, 20, 21, 23, 256, 257, 258, 259,
                260, 261, 262, 263, 264, 265, 266, 267, 268, 269, 270, 271, 272, 273, 274);
        for (Cause cause : Cause.values()) {
            assertThat(Cause.of(cause.code())).isEqualTo(cause);
        }
        assertThat(Cause.of(0)).isNull();
        assertThat(Cause.of(275)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"COMPLETER_ABORT, '1 5 7 261 263 265 267'", "UNSUPPORTED_REQUEST, '256 257 258 259 260'", "SUCCESS, '12 13 15 20 21 23 262 266'"})
    void translationRequestsAreAnsweredByCause(Cause.Reply reply, String codes) {
        assertThat(Arrays.stream(codes.split(" ")).map(code -> Cause.of(Integer.parseInt(code)).reply())).containsOnly(reply);
    }

    @Test
    void faultsThatLeaveNoDeviceContextAreAlwaysReported() {
        List<Integer> always = Arrays.stream(Cause.values()).filter(Cause::always).map(Cause::code).toList();
        assertThat(always).containsExactly(256, 257, 258, 259, 268, 272, 273);
    }

    @Test
    void pageRequestsAreAnsweredByCause() {
        assertThat(List.of(256, 257, 258, 259)).allMatch(code -> Cause.of(code).answer() == PageRequest.FAILURE);
        assertThat(Cause.of(260).answer()).isEqualTo(PageRequest.INVALID);
    }

    // ---------------------------------------------------------------- page-request queue

    private static PageRequestRecord request(int pid, boolean pv, boolean priv, boolean exec, int did) {
        return new PageRequestRecord(pid, pv, priv, exec, did, false, false, false, 0, 0);
    }

    private static PageRequestRecord payload(boolean read, boolean write, boolean last, int group, long page) {
        return new PageRequestRecord(0, false, false, false, 0, read, write, last, group, page);
    }

    @Test
    void pageRequestRecordFields() {
        bits(request(-1, false, false, false, 0), 2, 31, 12, "PID");
        bits(request(0, true, false, false, 0), 2, 32, 32, "PV");
        bits(request(0, false, true, false, 0), 2, 33, 33, "PRIV");
        bits(request(0, false, false, true, 0), 2, 34, 34, "EXEC");
        bits(request(0, false, false, false, -1), 2, 63, 40, "DID");
        bits(payload(true, false, false, 0, 0), 2, 64, 64, "R");
        bits(payload(false, true, false, 0, 0), 2, 65, 65, "W");
        bits(payload(false, false, true, 0, 0), 2, 66, 66, "L");
        bits(payload(false, false, false, -1, 0), 2, 75, 67, "page request group index");
        bits(payload(false, false, false, 0, -1), 2, 127, 76, "page address");
    }

    @Test
    void aPageRequestRecordComesBack() {
        for (int i = 0; i < ROUNDS; i++) {
            PageRequestRecord record = new PageRequestRecord(random.nextInt(1 << 20), flag(), flag(), flag(), random.nextInt(1 << 24), flag(),
                    flag(), flag(), random.nextInt(512), random.nextLong() & -4096L);
            assertThat(PageRequestRecord.decode(record)).isEqualTo(record);
        }
    }

    @Test
    void aStopMarkerAsksForNothing() {
        assertThat(new PageRequestRecord(1, true, false, false, 8, false, false, true, 0, 0).stopMarker()).isTrue();
        assertThat(new PageRequestRecord(1, true, false, false, 8, true, false, true, 0, 0).stopMarker()).isFalse();
        assertThat(new PageRequestRecord(0, false, false, false, 8, false, false, true, 0, 0).stopMarker()).as("without a PASID").isFalse();
        assertThat(new PageRequestRecord(1, true, false, true, 8, true, true, true, 0, 0).access())
                .isEqualTo(Translation.READ | Translation.WRITE | Translation.EXECUTE);
    }

    // ---------------------------------------------------------------- directories

    @Test
    void directoryEntryFields() {
        bits(index -> new DirectoryEntry(true, 0).encode(), 1, 0, 0, "V");
        bits(index -> new DirectoryEntry(false, -1).encode(), 1, 53, 10, "PPN");
        assertThat(DirectoryEntry.decode(new DirectoryEntry(true, 0x123_4567_89abL).encode())).isEqualTo(new DirectoryEntry(true, 0x123_4567_89abL));
        for (int bit = 0; bit < 64; bit++) {
            assertThat(DirectoryEntry.reserved(1L << bit)).as("bit %d", bit).isEqualTo(bit >= 1 && bit <= 9 || bit >= 54);
        }
    }

    /** A context with one flag of tc set: the one of this number. */
    private static DeviceContext flags(int bit) {
        boolean[] on = new boolean[12];
        on[bit] = true;
        return new DeviceContext(on[0], on[1], on[2], on[3], on[4], on[5], on[6], on[7], on[8], on[9], on[10], on[11], 0, 0, 0, 0, 0, 0);
    }

    private static DeviceContext fields(int gscid, int second, long table, int pscid, int mode, long root) {
        return new DeviceContext(false, false, false, false, false, false, false, false, false, false, false, false, gscid, second, table,
                pscid, mode, root);
    }

    @Test
    void deviceContextFields() {
        for (int bit = 0; bit < 12; bit++) {
            bits(flags(bit)::word, 4, bit, bit, "tc");
        }
        bits(fields(0, 0, -1, 0, 0, 0)::word, 4, 64 + 43, 64, "iohgatp.PPN");
        bits(fields(-1, 0, 0, 0, 0, 0)::word, 4, 64 + 59, 64 + 44, "iohgatp.GSCID");
        bits(fields(0, -1, 0, 0, 0, 0)::word, 4, 127, 64 + 60, "iohgatp.MODE");
        bits(fields(0, 0, 0, -1, 0, 0)::word, 4, 128 + 31, 128 + 12, "ta.PSCID");
        bits(fields(0, 0, 0, 0, 0, -1)::word, 4, 192 + 43, 192, "fsc.PPN");
        bits(fields(0, 0, 0, 0, -1, 0)::word, 4, 255, 192 + 60, "fsc.MODE");
    }

    @Test
    void aDeviceContextComesBack() {
        for (int i = 0; i < ROUNDS; i++) {
            DeviceContext context = new DeviceContext(flag(), flag(), flag(), flag(), flag(), flag(), flag(), flag(), flag(), flag(), flag(),
                    flag(), random.nextInt(1 << 16), random.nextInt(16), random.nextLong(1L << 44), random.nextInt(1 << 20), random.nextInt(16),
                    random.nextLong(1L << 44));
            assertThat(DeviceContext.decode(context.word(0), context.word(1), context.word(2), context.word(3))).isEqualTo(context);
        }
    }

    @Test
    void whatADriverSetsUpIsSound() {
        for (int i = 0; i < 4; i++) {
            DeviceContext context = DeviceContext.of(i % 2 == 1, i > 1, 77);
            assertThat(context.valid()).isTrue();
            assertThat(context.misconfigured(false)).isFalse();
            assertThat(context.levels()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "T2GPA without a second stage, 0x2b, 0, 0x3000000000000001, true",
        "EN_PRI without EN_ATS, 0x25, 0, 0x3000000000000001, true",
        "PRPR without EN_PRI, 0x63, 0, 0x3000000000000001, true",
        "DPE without PDTV, 0x203, 0, 0, true",
        "DPE with PDTV, 0x223, 0, 0x3000000000000001, false",
        "a second stage, 0x23, 0x8000000000000001, 0x3000000000000001, true",
        "big-endian tables, 0x423, 0, 0x3000000000000001, true",
        "addresses of 32 bits, 0x823, 0, 0x3000000000000001, true",
        "a process directory of 4 levels, 0x23, 0, 0x4000000000000001, true",
        "a process directory that is Bare, 0x23, 0, 0, false",
        "PD8, 0x23, 0, 0x1000000000000001, false",
        "PD17, 0x23, 0, 0x2000000000000001, false",
        "iosatp that is Bare, 0x03, 0, 0, false",
        "iosatp of Sv48, 0x03, 0, 0x9000000000000001, false",
        "iosatp of no scheme, 0x03, 0, 0xb000000000000001, true",
        "DTF, 0x33, 0, 0x3000000000000001, false",
        "GADE and SADE, 0x1a3, 0, 0x3000000000000001, false",
    })
    void aDeviceContextMayBeMisconfigured(String what, String tc, String iohgatp, String fsc, boolean wrong) {
        DeviceContext context = DeviceContext.decode(word(tc), word(iohgatp), 0, word(fsc));
        assertThat(context.misconfigured(false)).as(what).isEqualTo(wrong);
    }

    private static long word(String text) {
        return text.startsWith("0x") ? Long.parseUnsignedLong(text.substring(2), 16) : Long.parseLong(text);
    }

    @Test
    void reservedBitsOfADeviceContext() {
        for (int bit = 0; bit < 64; bit++) {
            long one = 1L << bit;
            assertThat(DeviceContext.reserved(one, 0, 0)).as("tc %d", bit).isEqualTo(bit >= 12 && bit <= 23 || bit >= 32);
            assertThat(DeviceContext.reserved(0, one, 0)).as("ta %d", bit).isEqualTo(bit < 12 || bit >= 32);
            assertThat(DeviceContext.reserved(0, 0, one)).as("fsc %d", bit).isEqualTo(bit >= 44 && bit <= 59);
        }
    }

    @Test
    void processContextFields() {
        bits(new ProcessContext(true, false, false, 0, 0, 0)::word, 2, 0, 0, "V");
        bits(new ProcessContext(false, true, false, 0, 0, 0)::word, 2, 1, 1, "ENS");
        bits(new ProcessContext(false, false, true, 0, 0, 0)::word, 2, 2, 2, "SUM");
        bits(new ProcessContext(false, false, false, -1, 0, 0)::word, 2, 31, 12, "PSCID");
        bits(new ProcessContext(false, false, false, 0, 0, -1)::word, 2, 64 + 43, 64, "PPN");
        bits(new ProcessContext(false, false, false, 0, -1, 0)::word, 2, 127, 64 + 60, "MODE");
        for (int i = 0; i < ROUNDS; i++) {
            ProcessContext context = new ProcessContext(flag(), flag(), flag(), random.nextInt(1 << 20), random.nextInt(16),
                    random.nextLong(1L << 44));
            assertThat(ProcessContext.decode(context.word(0), context.word(1))).isEqualTo(context);
        }
    }

    @Test
    void aProcessContextMayBeMisconfigured() {
        for (int bit = 0; bit < 64; bit++) {
            boolean wrong = bit >= 3 && bit <= 11 || bit >= 32;
            assertThat(ProcessContext.misconfigured(1 | 1L << bit, 9L << 60)).as("ta %d", bit).isEqualTo(wrong);
            assertThat(ProcessContext.misconfigured(1, 8L << 60 | 1L << bit)).as("fsc %d", bit).isEqualTo(bit >= 44 && bit <= 59 || bit == 62);
        }
        for (int mode = 0; mode < 16; mode++) {
            assertThat(ProcessContext.misconfigured(1, (long) mode << 60)).as("mode %d", mode).isEqualTo(mode != 0 && (mode < 8 || mode > 10));
        }
    }

    /** iohgatp: MODE Sv48x4, GSCID, PPN; nothing for hardware without a second stage, or with its top table not aligned. */
    @Test
    void aNestedContext() {
        DeviceContext nested = DeviceContext.of(true, true, 7).nested(1, 0x1234);
        assertThat(nested.word(1)).isEqualTo(0x9000_1000_0000_1234L);
        assertThat(DeviceContext.decode(nested.word(0), nested.word(1), nested.word(2), nested.word(3))).isEqualTo(nested);
        assertThat(nested.misconfigured(true)).isFalse();
        assertThat(nested.misconfigured(false)).isTrue();
        assertThat(nested.nested(1, 0x1235).misconfigured(true)).isTrue();
    }

    /** Sv48x4: a page, a large one, a table. */
    @Test
    void secondStageEntries() {
        SecondStageEntry format = new SecondStageEntry();
        int all = Translation.READ | Translation.WRITE | Translation.EXECUTE;
        assertThat(format.page(5, all, 1)).isEqualTo(5L << 10 | 0xdf);
        assertThat(format.page(5, Translation.READ, 3)).isEqualTo(5L << 10 | 0xd3);
        assertThat(format.table(5, 1)).isEqualTo(5L << 10 | 1);
        assertThat(format.isPage(format.table(5, 1), 2)).isFalse();
        assertThat(format.isPage(format.page(5, all, 2), 2)).isTrue();
        assertThat(format.frame(format.page(5, all, 2))).isEqualTo(5);
    }
}
