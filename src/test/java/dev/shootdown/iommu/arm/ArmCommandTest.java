package dev.shootdown.iommu.arm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every field of every command of iommu.md 3.1 stands in its bits and in no others. */
class ArmCommandTest {
    private static final long PAGES = -4096L;

    /** A field: which command, where, and the command with all of the field's bits set and nothing else. */
    private record Field(String what, int opcode, int high, int low, ArmCommand command) {
        void check() {
            assertThat(command.low() & 0xff).as(what).isEqualTo(opcode);
            long[] words = {command.low() & ~0xffL, command.high()};
            for (int bit = 8; bit < 128; bit++) {
                assertThat((words[bit / 64] >>> bit & 1) != 0).as("%s bit %d", what, bit).isEqualTo(bit >= low && bit <= high);
            }
        }
    }

    private static Tlbi tlbi(Tlbi.Operation operation, int vmid, int asid, Tlbi.Span span) {
        return new Tlbi(operation, vmid, asid, span);
    }

    private static Stream<Field> configuration() {
        return Stream.of(
                new Field("PREFETCH_CONFIG SSV", 0x01, 11, 11, new ConfigCommand.PrefetchConfig(0, 0, true)),
                new Field("PREFETCH_CONFIG SSID", 0x01, 31, 12, new ConfigCommand.PrefetchConfig(0, 0xf_ffff, false)),
                new Field("PREFETCH_CONFIG SID", 0x01, 63, 32, new ConfigCommand.PrefetchConfig(-1, 0, false)),
                new Field("PREFETCH_ADDR SSV", 0x02, 11, 11, new ConfigCommand.PrefetchAddr(0, 0, true, 0, 0, 0)),
                new Field("PREFETCH_ADDR SSID", 0x02, 31, 12, new ConfigCommand.PrefetchAddr(0, 0xf_ffff, false, 0, 0, 0)),
                new Field("PREFETCH_ADDR SID", 0x02, 63, 32, new ConfigCommand.PrefetchAddr(-1, 0, false, 0, 0, 0)),
                new Field("PREFETCH_ADDR Size", 0x02, 68, 64, new ConfigCommand.PrefetchAddr(0, 0, false, 31, 0, 0)),
                new Field("PREFETCH_ADDR Stride", 0x02, 73, 69, new ConfigCommand.PrefetchAddr(0, 0, false, 0, 31, 0)),
                new Field("PREFETCH_ADDR Address", 0x02, 127, 76, new ConfigCommand.PrefetchAddr(0, 0, false, 0, 0, -1)),
                new Field("CFGI_STE SID", 0x03, 63, 32, new ConfigCommand.CfgiSte(-1, false)),
                new Field("CFGI_STE Leaf", 0x03, 64, 64, new ConfigCommand.CfgiSte(0, true)),
                new Field("CFGI_STE_RANGE SID", 0x04, 63, 32, new ConfigCommand.CfgiSteRange(-1, 0)),
                new Field("CFGI_STE_RANGE Range", 0x04, 68, 64, ConfigCommand.CfgiSteRange.CFGI_ALL),
                new Field("CFGI_CD SSID", 0x05, 31, 12, new ConfigCommand.CfgiCd(0, 0xf_ffff, false)),
                new Field("CFGI_CD SID", 0x05, 63, 32, new ConfigCommand.CfgiCd(-1, 0, false)),
                new Field("CFGI_CD Leaf", 0x05, 64, 64, new ConfigCommand.CfgiCd(0, 0, true)),
                new Field("CFGI_CD_ALL SID", 0x06, 63, 32, new ConfigCommand.CfgiCdAll(-1)),
                new Field("CFGI_VMS_PIDM VMID", 0x07, 47, 32, new ConfigCommand.CfgiVmsPidm(0xffff)));
    }

    private static Stream<Field> invalidations() {
        Stream<Field> spans = Stream.of(Tlbi.Operation.NH_VA, Tlbi.Operation.NH_VAA, Tlbi.Operation.EL2_VA, Tlbi.Operation.EL2_VAA,
                Tlbi.Operation.S2_IPA).flatMap(ArmCommandTest::span);
        Function<Tlbi.Operation, Field> vmid = of -> new Field(of + " VMID", tlbi(of, 0, 0, Tlbi.Span.NONE).opcode(), 47, 32,
                tlbi(of, 0xffff, 0, Tlbi.Span.NONE));
        Function<Tlbi.Operation, Field> asid =
                of -> new Field(of + " ASID", tlbi(of, 0, 0, Tlbi.Span.NONE).opcode(), 63, 48, tlbi(of, 0, 0xffff, Tlbi.Span.NONE));
        Stream<Field> tags = Stream.concat(
                Stream.of(Tlbi.Operation.values()).filter(Tlbi.Operation::hasVmid).map(vmid),
                Stream.of(Tlbi.Operation.values()).filter(Tlbi.Operation::hasAsid).map(asid));
        return Stream.concat(spans, tags);
    }

    private static Stream<Field> span(Tlbi.Operation of) {
        int opcode = tlbi(of, 0, 0, Tlbi.Span.NONE).opcode();
        int top = of == Tlbi.Operation.S2_IPA ? 115 : 127;
        return Stream.of(
                new Field(of + " NUM", opcode, 16, 12, tlbi(of, 0, 0, new Tlbi.Span(0, 31, 0, 0, 0, false))),
                new Field(of + " SCALE", opcode, 24, 20, tlbi(of, 0, 0, new Tlbi.Span(0, 0, 31, 0, 0, false))),
                new Field(of + " Leaf", opcode, 64, 64, tlbi(of, 0, 0, new Tlbi.Span(0, 0, 0, 0, 0, true))),
                new Field(of + " TTL", opcode, 73, 72, tlbi(of, 0, 0, new Tlbi.Span(0, 0, 0, 3, 0, false))),
                new Field(of + " TG", opcode, 75, 74, tlbi(of, 0, 0, new Tlbi.Span(0, 0, 0, 0, 3, false))),
                new Field(of + " Address", opcode, top, 76, tlbi(of, 0, 0, new Tlbi.Span(-1, 0, 0, 0, 0, false))));
    }

    private static Stream<Field> device() {
        return Stream.of(
                new Field("ATC_INV Global", 0x40, 9, 9, new ArmCommand.AtcInv(0, 0, false, true, 0, 0)),
                new Field("ATC_INV SSV", 0x40, 11, 11, new ArmCommand.AtcInv(0, 0, true, false, 0, 0)),
                new Field("ATC_INV SSID", 0x40, 31, 12, new ArmCommand.AtcInv(0, 0xf_ffff, false, false, 0, 0)),
                new Field("ATC_INV SID", 0x40, 63, 32, new ArmCommand.AtcInv(-1, 0, false, false, 0, 0)),
                new Field("ATC_INV Size", 0x40, 69, 64, new ArmCommand.AtcInv(0, 0, false, false, 63, 0)),
                new Field("ATC_INV Address", 0x40, 127, 76, new ArmCommand.AtcInv(0, 0, false, false, 0, -1)),
                new Field("PRI_RESP SSV", 0x41, 11, 11, new ArmCommand.PriResp(0, 0, true, 0, 0)),
                new Field("PRI_RESP SSID", 0x41, 31, 12, new ArmCommand.PriResp(0, 0xf_ffff, false, 0, 0)),
                new Field("PRI_RESP SID", 0x41, 63, 32, new ArmCommand.PriResp(-1, 0, false, 0, 0)),
                new Field("PRI_RESP PRGIndex", 0x41, 72, 64, new ArmCommand.PriResp(0, 0, false, 0x1ff, 0)),
                new Field("PRI_RESP Resp", 0x41, 77, 76, new ArmCommand.PriResp(0, 0, false, 0, 3)),
                new Field("RESUME Ac", 0x44, 12, 12, new ArmCommand.Resume(0, 0, true, false)),
                new Field("RESUME Ab", 0x44, 13, 13, new ArmCommand.Resume(0, 0, false, true)),
                new Field("RESUME SID", 0x44, 63, 32, new ArmCommand.Resume(-1, 0, false, false)),
                new Field("RESUME STAG", 0x44, 79, 64, new ArmCommand.Resume(0, 0xffff, false, false)),
                new Field("STALL_TERM SID", 0x45, 63, 32, new ArmCommand.StallTerm(-1)),
                new Field("SYNC CS", 0x46, 13, 12, new ArmCommand.Sync(3, 0, 0, 0, 0)),
                new Field("SYNC MSH", 0x46, 23, 22, new ArmCommand.Sync(0, 3, 0, 0, 0)),
                new Field("SYNC MSIAttr", 0x46, 27, 24, new ArmCommand.Sync(0, 0, 0xf, 0, 0)),
                new Field("SYNC MSIData", 0x46, 63, 32, new ArmCommand.Sync(0, 0, 0, -1, 0)),
                new Field("SYNC MSIAddress", 0x46, 115, 66, new ArmCommand.Sync(0, 0, 0, 0, -1)));
    }

    @TestFactory
    Stream<DynamicTest> fields() {
        return Stream.of(configuration(), invalidations(), device()).flatMap(all -> all)
                .map(field -> DynamicTest.dynamicTest(field.what(), field::check));
    }

    @Test
    void opcodesOfInvalidations() {
        int[] opcodes = Stream.of(Tlbi.Operation.values()).mapToInt(of -> tlbi(of, 0, 0, Tlbi.Span.NONE).opcode()).toArray();
        assertThat(opcodes).containsExactly(0x10, 0x11, 0x12, 0x13, 0x18, 0x1a, 0x20, 0x21, 0x22, 0x23, 0x28, 0x2a, 0x30);
        assertThat(tlbi(Tlbi.Operation.NH_VA, 0, 0, Tlbi.Span.NONE).name()).isEqualTo("CMD_TLBI_NH_VA");
    }

    private static ArmCommand random(SplittableRandom random) {
        int sid = random.nextInt();
        int ssid = random.nextInt(1 << 20);
        boolean one = random.nextBoolean();
        boolean other = random.nextBoolean();
        long address = random.nextLong() & PAGES;
        return switch (random.nextInt(13)) {
            case 0 -> new ConfigCommand.PrefetchConfig(sid, ssid, one);
            case 1 -> new ConfigCommand.PrefetchAddr(sid, ssid, one, random.nextInt(32), random.nextInt(32), address);
            case 2 -> new ConfigCommand.CfgiSte(sid, one);
            case 3 -> new ConfigCommand.CfgiSteRange(sid, random.nextInt(32));
            case 4 -> new ConfigCommand.CfgiCd(sid, ssid, one);
            case 5 -> new ConfigCommand.CfgiCdAll(sid);
            case 6 -> new ConfigCommand.CfgiVmsPidm(random.nextInt(1 << 16));
            case 7 -> new ArmCommand.AtcInv(sid, ssid, one, other, random.nextInt(53), address);
            case 8 -> new ArmCommand.PriResp(sid, ssid, one, random.nextInt(512), random.nextInt(3));
            case 9 -> new ArmCommand.Resume(sid, random.nextInt(1 << 16), one, other);
            case 10 -> new ArmCommand.StallTerm(sid);
            case 11 -> new ArmCommand.Sync(random.nextInt(3), random.nextInt(4), random.nextInt(16), random.nextInt(),
                    random.nextLong() & 0x000f_ffff_ffff_fffcL);
            default -> randomTlbi(random, address);
        };
    }

    private static ArmCommand randomTlbi(SplittableRandom random, long address) {
        Tlbi.Operation[] all = Stream.of(Tlbi.Operation.values()).filter(of -> of.world() != Tlbi.World.EL3).toArray(Tlbi.Operation[]::new);
        Tlbi.Operation of = all[random.nextInt(all.length)];
        long within = of == Tlbi.Operation.S2_IPA ? address & 0x000f_ffff_ffff_ffffL : address;
        Tlbi.Span span = new Tlbi.Span(within, random.nextInt(32), random.nextInt(32), random.nextInt(4), random.nextInt(4), random.nextBoolean());
        if (span.reserved()) {
            span = new Tlbi.Span(within, 1, 0, 0, 1, false);
        }
        return new Tlbi(of, of.hasVmid() ? random.nextInt(1 << 16) : 0, of.hasAsid() ? random.nextInt(1 << 16) : 0,
                of.hasAddress() ? span : Tlbi.Span.NONE);
    }

    @Test
    void whatIsEncodedIsDecoded() {
        SplittableRandom random = new SplittableRandom(70);
        for (int i = 0; i < 50_000; i++) {
            ArmCommand command = random(random);
            assertThat(ArmCommand.decode(command.low(), command.high())).isEqualTo(command);
            assertThat(command.words()).containsExactly(command.word(0), command.word(1));
        }
    }

    /** No words hang the decoder or throw; what it takes for a command it would encode again within that command's fields. */
    @Test
    void anyWordsAreACommandOrIllegal() {
        SplittableRandom random = new SplittableRandom(71);
        for (int i = 0; i < 50_000; i++) {
            long low = random.nextLong();
            long high = random.nextLong();
            ArmCommand command = ArmCommand.decode(low, high);
            assertThat(command.low() & ~low).as(command.name()).isZero();
            assertThat(command.high() & ~high).as(command.name()).isZero();
            assertThat(command.opcode()).isEqualTo((int) low & 0xff);
        }
    }

    private static void illegal(long low, long high) {
        assertThat(ArmCommand.decode(low, high)).isEqualTo(new ArmCommand.Illegal(low, high));
    }

    /** Reserved opcodes, those of the Secure state, and DPTI, which this SMMU does not have. */
    @ParameterizedTest
    @ValueSource(ints = {0x00, 0x08, 0x0f, 0x14, 0x18, 0x1a, 0x1f, 0x24, 0x29, 0x2b, 0x31, 0x3f, 0x42, 0x43, 0x47, 0x50, 0x52, 0x60, 0x70, 0x73,
            0x80, 0xff})
    void otherOpcodesAreIllegal(int opcode) {
        illegal(opcode | 1L << 32, 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x40, 0x41, 0x44, 0x45, 0x12})
    void theNonSecureQueueNamesNoSecureStream(int opcode) {
        illegal(opcode | 1L << 10, 0);
    }

    @Test
    void reservedValuesAreIllegal() {
        illegal(0x46 | 3L << 12, 0);
        illegal(0x41, 3L << 12);
        illegal(0x40, 53);
        illegal(0x40, 63);
        illegal(0x12, 1L << 10);
        assertThat(ArmCommand.decode(0x12, 1L << 10 | 3L << 8)).isInstanceOf(Tlbi.class);
        assertThat(ArmCommand.decode(0x12 | 1L << 12, 1L << 10)).isInstanceOf(Tlbi.class);
        assertThat(ArmCommand.decode(0x40, 52)).isInstanceOf(ArmCommand.AtcInv.class);
    }

    @ParameterizedTest
    @CsvSource({"0, 4, 5, true", "0, 4, 6, false", "1, 4, 7, true", "1, 4, 8, false", "2, 13, 15, true", "2, 13, 16, false", "31, 0, -1, true"})
    void aRangeOfStreamsIsAligned(int range, int sid, int stream, boolean covered) {
        assertThat(new ConfigCommand.CfgiSteRange(sid, range).covers(stream)).isEqualTo(covered);
    }

    @Test
    void whatASyncIsSentAs() {
        assertThat(ArmCommand.Sync.msi(0x8000_1008L, 1).words()).containsExactly(0x1_0fc0_1046L, 0x8000_1008L);
        assertThat(ArmCommand.Sync.sev().words()).containsExactly(0x0fc0_2046L, 0L);
    }
}
