package dev.shootdown.iommu.arm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.iommu.Ring;
import dev.shootdown.memory.Translation;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Table entries, event records and page requests: every field of iommu.md 3.3, 3.7 and 3.8 in its bits. */
class ArmRecordsTest {
    /** A field is what one record has and the other has not: exactly these bits differ. */
    private record Field(String what, int high, int low, int words, Ring.Slot with, Ring.Slot without) {
        void check() {
            for (int bit = 0; bit < 64 * words; bit++) {
                long differs = with.word(bit / 64) ^ without.word(bit / 64);
                assertThat((differs >>> bit & 1) != 0).as("%s bit %d", what, bit).isEqualTo(bit >= low && bit <= high);
            }
        }
    }

    private static StreamTableEntry ste(boolean valid, int config, int format, long pointer, int max, int dss, boolean ppar, boolean stalld,
            int eats, int strw, int vmid, boolean s2s, boolean s2r) {
        return new StreamTableEntry(valid, config, format, pointer, max, dss, ppar, stalld, eats, strw, vmid, s2s, s2r);
    }

    private static Field ste(String what, int high, int low, StreamTableEntry with) {
        return new Field("STE." + what, high, low, StreamTableEntry.WORDS, with, ste(false, 0, 0, 0, 0, 0, false, false, 0, 0, 0, false, false));
    }

    private static Stream<Field> streamTable() {
        return Stream.of(
                ste("V", 0, 0, ste(true, 0, 0, 0, 0, 0, false, false, 0, 0, 0, false, false)),
                ste("Config", 3, 1, ste(false, 7, 0, 0, 0, 0, false, false, 0, 0, 0, false, false)),
                ste("S1Fmt", 5, 4, ste(false, 0, 3, 0, 0, 0, false, false, 0, 0, 0, false, false)),
                ste("S1ContextPtr", 51, 6, ste(false, 0, 0, -1, 0, 0, false, false, 0, 0, 0, false, false)),
                ste("S1CDMax", 63, 59, ste(false, 0, 0, 0, 31, 0, false, false, 0, 0, 0, false, false)),
                ste("S1DSS", 65, 64, ste(false, 0, 0, 0, 0, 3, false, false, 0, 0, 0, false, false)),
                ste("PPAR", 82, 82, ste(false, 0, 0, 0, 0, 0, true, false, 0, 0, 0, false, false)),
                ste("S1STALLD", 91, 91, ste(false, 0, 0, 0, 0, 0, false, true, 0, 0, 0, false, false)),
                ste("EATS", 93, 92, ste(false, 0, 0, 0, 0, 0, false, false, 3, 0, 0, false, false)),
                ste("STRW", 95, 94, ste(false, 0, 0, 0, 0, 0, false, false, 0, 3, 0, false, false)),
                ste("S2VMID", 143, 128, ste(false, 0, 0, 0, 0, 0, false, false, 0, 0, 0xffff, false, false)),
                ste("S2S", 185, 185, ste(false, 0, 0, 0, 0, 0, false, false, 0, 0, 0, true, false)),
                ste("S2R", 186, 186, ste(false, 0, 0, 0, 0, 0, false, false, 0, 0, 0, false, true)));
    }

    private static ContextDescriptor cd(int t0sz, int tg0, int ips, int asid, long ttb0) {
        return new ContextDescriptor(false, t0sz, tg0, false, ips, false, false, false, false, false, false, false, asid, ttb0);
    }

    private static ContextDescriptor flags(int which) {
        boolean[] on = new boolean[8];
        on[which] = true;
        return new ContextDescriptor(false, 0, 0, on[0], 0, on[1], on[2], on[3], on[4], on[5], on[6], on[7], 0, 0);
    }

    private static Field cd(String what, int high, int low, ContextDescriptor with) {
        return new Field("CD." + what, high, low, ContextDescriptor.WORDS, with, ContextDescriptor.NONE);
    }

    private static Stream<Field> contexts() {
        String[] names = {"EPD0", "AA64", "HA", "HD", "S", "R", "A", "ASET"};
        int[] bits = {14, 41, 43, 42, 44, 45, 46, 47};
        return Stream.concat(IntStream.range(0, 8).mapToObj(i -> cd(names[i], bits[i], bits[i], flags(i))), Stream.of(
                cd("T0SZ", 5, 0, cd(63, 0, 0, 0, 0)),
                cd("TG0", 7, 6, cd(0, 3, 0, 0, 0)),
                cd("IPS", 34, 32, cd(0, 0, 7, 0, 0)),
                cd("ASID", 63, 48, cd(0, 0, 0, 0xffff, 0)),
                cd("TTB0", 115, 68, cd(0, 0, 0, 0, -1))));
    }

    private static ArmEvent event(int id, int ssid, int sid, int stag, int classOf, long address, long fetch) {
        return new ArmEvent(id, false, ssid, sid, stag, false, false, false, false, false, classOf, false, address, fetch);
    }

    private static ArmEvent marks(int which) {
        boolean[] on = new boolean[7];
        on[which] = true;
        return new ArmEvent(0, on[0], 0, 0, 0, on[1], on[2], on[3], on[4], on[5], 0, on[6], 0, 0);
    }

    private static Field event(String what, int high, int low, ArmEvent with) {
        return new Field("event " + what, high, low, ArmEvent.WORDS, with, event(0, 0, 0, 0, 0, 0, 0));
    }

    private static Stream<Field> events() {
        String[] names = {"SSV", "STALL", "PnU", "InD", "RnW", "S2", "TTRnW"};
        int[] bits = {11, 95, 97, 98, 99, 103, 108};
        return Stream.concat(IntStream.range(0, 7).mapToObj(i -> event(names[i], bits[i], bits[i], marks(i))), Stream.of(
                event("ID", 7, 0, event(0xff, 0, 0, 0, 0, 0, 0)),
                event("SSID", 31, 12, event(0, 0xf_ffff, 0, 0, 0, 0, 0)),
                event("SID", 63, 32, event(0, 0, -1, 0, 0, 0, 0)),
                event("STAG", 79, 64, event(0, 0, 0, 0xffff, 0, 0, 0)),
                event("CLASS", 105, 104, event(0, 0, 0, 0, 3, 0, 0)),
                event("InputAddr", 191, 128, event(0, 0, 0, 0, 0, -1, 0)),
                event("FetchAddr", 243, 195, event(0, 0, 0, 0, 0, 0, -1))));
    }

    private static Field pri(String what, int high, int low, int sid, int ssid, int which, int group, long address) {
        return new Field("PRI " + what, high, low, 2, pri(sid, ssid, which, group, address), pri(0, 0, 6, 0, 0));
    }

    private static PriEntry pri(int sid, int ssid, int which, int group, long address) {
        boolean[] on = new boolean[7];
        on[which] = true;
        return new PriEntry(sid, ssid, on[0], on[1], on[2], on[3], on[4], on[5], group, address);
    }

    private static Stream<Field> requests() {
        return Stream.of(
                pri("SID", 31, 0, -1, 0, 6, 0, 0), pri("SSID", 51, 32, 0, 0xf_ffff, 6, 0, 0), pri("Priv", 58, 58, 0, 0, 0, 0, 0),
                pri("X", 59, 59, 0, 0, 1, 0, 0), pri("R", 60, 60, 0, 0, 2, 0, 0), pri("W", 61, 61, 0, 0, 3, 0, 0),
                pri("Last", 62, 62, 0, 0, 4, 0, 0), pri("SSV", 63, 63, 0, 0, 5, 0, 0), pri("PRGIndex", 72, 64, 0, 0, 6, 0x1ff, 0),
                pri("Addr", 127, 76, 0, 0, 6, 0, -1));
    }

    @TestFactory
    Stream<DynamicTest> fields() {
        return Stream.of(streamTable(), contexts(), events(), requests()).flatMap(all -> all)
                .map(field -> DynamicTest.dynamicTest(field.what(), field::check));
    }

    @Test
    void descriptorsOfTheFirstLevel() {
        assertThat(new StreamTableDescriptor(31, -1).encode()).isEqualTo(0x000f_ffff_ffff_ffdfL);
        assertThat(new ContextTableDescriptor(true, -1).encode()).isEqualTo(0x000f_ffff_ffff_f001L);
        assertThat(StreamTableDescriptor.decode(new StreamTableDescriptor(9, 0x1234_0000L).encode())).isEqualTo(new StreamTableDescriptor(9, 0x1234_0000L));
        assertThat(new StreamTableDescriptor(9, 0).has(255)).isTrue();
        assertThat(new StreamTableDescriptor(9, 0).has(256)).isFalse();
        assertThat(new StreamTableDescriptor(0, 0).has(0)).isFalse();
        assertThat(new StreamTableDescriptor(12, 0).has(0)).isFalse();
    }

    @Test
    void whatLinuxWrites() {
        StreamTableEntry entry = StreamTableEntry.translating(StreamTableEntry.TWO_LEVELS_64K, 0x1000, 16, false, true, StreamTableEntry.NS_EL1);
        assertThat(IntStream.range(0, 8).mapToLong(entry::word).toArray()).containsExactly(16L << 59 | 0x1000 | 2 << 4 | 5 << 1 | 1,
                1L << 28 | 1L << 27 | 0xd4 | 2, 0, 0, 0, 0, 0, 0);
        ContextDescriptor descriptor = ContextDescriptor.sva(0x5000, 7, 48, true);
        assertThat(descriptor.word(0)).isEqualTo(7L << 48 | 1L << 47 | 1L << 46 | 1L << 45 | 1L << 44 | 1L << 43
                | 1L << 42 | 1L << 41 | 5L << 32 | 1L << 31 | 1L << 30 | 3L << 12 | 1L << 10 | 1L << 8 | 16);
        assertThat(descriptor.word(1)).isEqualTo(0x5000);
        assertThat(StreamTableEntry.ABORTS.word(0)).isEqualTo(1);
    }

    @Test
    void whatIsEncodedIsDecoded() {
        SplittableRandom random = new SplittableRandom(33);
        for (int i = 0; i < 20_000; i++) {
            StreamTableEntry ste = ste(random.nextBoolean(), random.nextInt(8), random.nextInt(4), random.nextLong() & 0x000f_ffff_ffff_ffc0L,
                    random.nextInt(32), random.nextInt(4), random.nextBoolean(), random.nextBoolean(), random.nextInt(4), random.nextInt(4),
                    random.nextInt(1 << 16), random.nextBoolean(), random.nextBoolean());
            assertThat(StreamTableEntry.decode(ste.word(0), ste.word(1), ste.word(2), ste.word(3))).isEqualTo(ste);
            ContextDescriptor cd = new ContextDescriptor(random.nextBoolean(), random.nextInt(64), random.nextInt(4), random.nextBoolean(),
                    random.nextInt(8), random.nextBoolean(), random.nextBoolean(), random.nextBoolean(), random.nextBoolean(),
                    random.nextBoolean(), random.nextBoolean(), random.nextBoolean(), random.nextInt(1 << 16),
                    random.nextLong() & 0x000f_ffff_ffff_fff0L);
            assertThat(ContextDescriptor.decode(cd.word(0), cd.word(1))).isEqualTo(cd);
            ArmEvent event = new ArmEvent(random.nextInt(256), random.nextBoolean(), random.nextInt(1 << 20), random.nextInt(),
                    random.nextInt(1 << 16), random.nextBoolean(), random.nextBoolean(), random.nextBoolean(), random.nextBoolean(),
                    random.nextBoolean(), random.nextInt(4), random.nextBoolean(), random.nextLong(), random.nextLong() & 0x000f_ffff_ffff_fff8L);
            assertThat(ArmEvent.decode(event.word(0), event.word(1), event.word(2), event.word(3))).isEqualTo(event);
            PriEntry pri = new PriEntry(random.nextInt(), random.nextInt(1 << 20), random.nextBoolean(), random.nextBoolean(),
                    random.nextBoolean(), random.nextBoolean(), random.nextBoolean(), random.nextBoolean(), random.nextInt(512),
                    random.nextLong() & -4096L);
            assertThat(PriEntry.decode(pri.word(0), pri.word(1))).isEqualTo(pri);
        }
    }

    @Test
    void codesOfRecords() {
        assertThat(Stream.of(ArmEvent.Id.values()).mapToInt(ArmEvent.Id::code).toArray()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 0xa, 0xb, 0x10, 0x11, 0x12,
                0x13, 0x20, 0x21, 0x24, 0x25);
        for (ArmEvent.Id id : ArmEvent.Id.values()) {
            assertThat(event(id.code(), 0, 0, 0, 0, 0, 0).kind()).isEqualTo(id);
        }
        assertThat(event(0x0f, 0, 0, 0, 0, 0, 0).kind()).isNull();
    }

    @Test
    void aStopMarkerAsksForNothing() {
        assertThat(new PriEntry(8, 1, false, false, false, false, true, true, 0, 0).stopMarker()).isTrue();
        assertThat(new PriEntry(8, 0, false, false, false, false, true, false, 0, 0).stopMarker()).isFalse();
        assertThat(new PriEntry(8, 1, false, false, true, false, true, true, 0, 0).stopMarker()).isFalse();
    }

    @Test
    void linesOfTheKernel() {
        ArmEvent write = new ArmEvent(0x10, true, 1, 8, 0, false, false, false, false, false, ArmEvent.CLASS_IN, false, 0x7f00_0000_0000L, 0);
        assertThat(write.log("smmu0", "gpu", false).lines()).containsExactly(
                "arm-smmu-v3 smmu0: event 0x10 received:",
                "arm-smmu-v3 smmu0: \t0x0000000800001810",
                "arm-smmu-v3 smmu0: \t0x0000020000000000",
                "arm-smmu-v3 smmu0: \t0x00007f0000000000",
                "arm-smmu-v3 smmu0: \t0x0000000000000000");
        assertThat(write.log("smmu0", "gpu", true).lines().skip(5)).containsExactly(
                "arm-smmu-v3 smmu0: event: F_TRANSLATION client: gpu sid: 0x8 ssid: 0x1 iova: 0x7f0000000000 ipa: 0",
                "arm-smmu-v3 smmu0: unpriv data write s1 \"Input address caused fault\" stag: 0");
        ArmEvent fetch = event(ArmEvent.Id.F_CD_FETCH.code(), 0, 16, 0, 0, 0, 0x1_0000_0040L);
        assertThat(fetch.log("smmu0", null, true).lines().skip(5))
                .containsExactly("arm-smmu-v3 smmu0: event: F_CD_FETCH client: (unassigned sid) sid: 0x10 ssid: 0 fetch_addr: 0x100000040");
        assertThat(event(0x07, 0, 8, 0, 0, 0, 0).log("smmu0", "gpu", true).lines().skip(5))
                .containsExactly("arm-smmu-v3 smmu0: event: UNKNOWN client: gpu sid: 0x8 ssid: 0");
        PriEntry request = new PriEntry(8, 1, false, false, true, true, true, true, 3, 0x7f00_0000_0000L);
        assertThat(request.log("smmu0").lines()).containsExactly("arm-smmu-v3 smmu0: unexpected PRI request received:",
                "arm-smmu-v3 smmu0: \tsid 0x00000008.0x00001: [3L] unprivileged RW access at iova 0x00007f0000000000");
        assertThat(CommandError.ILL.log("smmu0", 0x0100_0003L)).isEqualTo("arm-smmu-v3 smmu0: CMDQ error (cons 0x01000003): Illegal command");
        assertThat(Gerror.log("smmu0", 0x5)).containsExactly(
                "arm-smmu-v3 smmu0: unexpected global error reported (0x00000005), this could be serious",
                "arm-smmu-v3 smmu0: EVTQ write aborted -- events may have been lost");
    }

    /** Of a stream whose translations are nested: what Linux writes, and what of it comes back. */
    @Test
    void aNestedStream() {
        StreamTableEntry alone = StreamTableEntry.translating(StreamTableEntry.TWO_LEVELS_64K, 0x1000, 16, false, true, StreamTableEntry.EL2);
        StreamTableEntry nested = alone.nested(1, 0x5000);
        assertThat(nested.word(0) >>> 1 & 7).as("Config").isEqualTo(7);
        assertThat(nested.word(1) >>> 30 & 3).as("STRW").isZero();
        assertThat(nested.word(2)).as("S2VMID, VTCR, S2AA64, S2PTW, S2R").isEqualTo(0x044d_3590_0000_0001L);
        assertThat(nested.word(3)).as("S2TTB").isEqualTo(0x5000);
        assertThat(StreamTableEntry.decode(nested.word(0), nested.word(1), nested.word(2), nested.word(3))).isEqualTo(nested);
        assertThat(nested.bad(16)).isFalse();
        assertThat(StreamTableEntry.decode(nested.word(0), nested.word(1), nested.word(2), 0).bad(16)).as("without a table").isTrue();
    }

    /** Stage-2 descriptors: a page, a block, a table, and one that allows only reads. */
    @Test
    void stage2Descriptors() {
        Stage2Descriptor format = new Stage2Descriptor();
        int all = Translation.READ | Translation.WRITE;
        assertThat(format.page(5, all, 1)).isEqualTo(0x57ffL);
        assertThat(format.page(5, all, 2)).isEqualTo(0x57fdL);
        assertThat(format.table(5, 1)).isEqualTo(0x5003L);
        assertThat(format.page(5, Translation.READ, 1)).isEqualTo(0x577fL);
        assertThat(format.isPage(format.table(5, 1), 2)).isFalse();
        assertThat(format.isPage(format.page(5, all, 2), 2)).isTrue();
        assertThat(format.frame(format.page(5, all, 2))).isEqualTo(5);
    }
}
