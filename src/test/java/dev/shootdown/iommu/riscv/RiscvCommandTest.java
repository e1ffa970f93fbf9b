package dev.shootdown.iommu.riscv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.iommu.PageSpan;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands of specification 3.1: each field at its bits, each reserved bit illegal. */
class RiscvCommandTest {
    private static final Capabilities ALL = Capabilities.DEFAULT.ranges(true);
    private static final PageSpan NOWHERE = new PageSpan(0, false);

    private static RiscvCommand decode(RiscvCommand command) {
        return RiscvCommand.decode(command.low(), command.high(), ALL);
    }

    private static RiscvCommand random(SplittableRandom random) {
        int id = random.nextInt(1 << 20);
        int did = random.nextInt(1 << 24);
        int half = random.nextInt(1 << 16);
        PageSpan address = new PageSpan(random.nextLong() & -4096L, random.nextInt(2) == 0);
        boolean one = random.nextInt(2) == 0;
        boolean other = random.nextInt(2) == 0;
        boolean third = random.nextInt(2) == 0;
        return switch (random.nextInt(7)) {
            case 0 -> new RiscvCommand.IotinvalVma(one, id, other, third, random.nextInt(2) == 0, half, address);
            case 1 -> new RiscvCommand.IotinvalGvma(one, id, other, third, half, address);
            case 2 -> new RiscvCommand.IofenceC(one, other, third, random.nextInt(2) == 0, random.nextInt(), random.nextLong() & -4L);
            case 3 -> new RiscvCommand.IodirInvalDdt(one, did);
            case 4 -> new RiscvCommand.IodirInvalPdt(id, did);
            case 5 -> new RiscvCommand.AtsInval(id, one, other, half, random.nextInt(256), third, address);
            default -> new RiscvCommand.AtsPrgr(id, one, other, half, random.nextInt(256), random.nextInt(512), random.nextInt(16));
        };
    }

    @Test
    void whatIsEncodedIsDecoded() {
        SplittableRandom random = new SplittableRandom(15);
        for (int i = 0; i < 20_000; i++) {
            RiscvCommand command = random(random);
            assertThat(decode(command)).isEqualTo(command);
            assertThat(command.words()).containsExactly(command.word(0), command.word(1));
        }
    }

    @Test
    void whatIsNoCommandIsKeptAsItIs() {
        SplittableRandom random = new SplittableRandom(16);
        int illegal = 0;
        for (int i = 0; i < 20_000; i++) {
            long low = random.nextLong();
            long high = random.nextLong();
            RiscvCommand command = RiscvCommand.decode(low, high, ALL);
            assertThat(command.low()).isEqualTo(low);
            if (command instanceof RiscvCommand.Illegal) {
                assertThat(command.high()).isEqualTo(high);
                illegal++;
            }
        }
        assertThat(illegal).isGreaterThan(19_000);
    }

    /** The command has, besides its opcode and func3, the bits high:low and no others. */
    private static void bits(RiscvCommand command, int opcode, int func3, int high, int low, String where) {
        assertThat(command.low() & 0x3ff).as(where).isEqualTo(opcode | func3 << 7);
        long[] words = {command.low() & ~0x3ffL, command.high()};
        for (int bit = 0; bit < 128; bit++) {
            boolean expected = bit >= low && bit <= high;
            assertThat((words[bit / 64] >>> bit & 1) != 0).as("%s bit %d", where, bit).isEqualTo(expected);
        }
    }

    private static RiscvCommand vma(boolean av, int pscid, boolean pscv, boolean gv, boolean nl, int gscid, PageSpan address) {
        return new RiscvCommand.IotinvalVma(av, pscid, pscv, gv, nl, gscid, address);
    }

    @Test
    void iotinvalVmaFields() {
        bits(vma(true, 0, false, false, false, 0, NOWHERE), 1, 0, 10, 10, "AV");
        bits(vma(false, -1, false, false, false, 0, NOWHERE), 1, 0, 31, 12, "PSCID");
        bits(vma(false, 0, true, false, false, 0, NOWHERE), 1, 0, 32, 32, "PSCV");
        bits(vma(false, 0, false, true, false, 0, NOWHERE), 1, 0, 33, 33, "GV");
        bits(vma(false, 0, false, false, true, 0, NOWHERE), 1, 0, 34, 34, "NL");
        bits(vma(false, 0, false, false, false, -1, NOWHERE), 1, 0, 59, 44, "GSCID");
        bits(vma(false, 0, false, false, false, 0, new PageSpan(0, true)), 1, 0, 73, 73, "S");
        bits(vma(false, 0, false, false, false, 0, new PageSpan(-1, false)), 1, 0, 125, 74, "ADDR[63:12]");
    }

    private static RiscvCommand gvma(boolean av, int pscid, boolean gv, boolean nl, int gscid, PageSpan address) {
        return new RiscvCommand.IotinvalGvma(av, pscid, gv, nl, gscid, address);
    }

    @Test
    void iotinvalGvmaFields() {
        bits(gvma(true, 0, false, false, 0, NOWHERE), 1, 1, 10, 10, "AV");
        bits(gvma(false, -1, false, false, 0, NOWHERE), 1, 1, 31, 12, "PSCID");
        bits(gvma(false, 0, true, false, 0, NOWHERE), 1, 1, 33, 33, "GV");
        bits(gvma(false, 0, false, true, 0, NOWHERE), 1, 1, 34, 34, "NL");
        bits(gvma(false, 0, false, false, -1, NOWHERE), 1, 1, 59, 44, "GSCID");
        bits(gvma(false, 0, false, false, 0, new PageSpan(0, true)), 1, 1, 73, 73, "S");
        bits(gvma(false, 0, false, false, 0, new PageSpan(-1, false)), 1, 1, 125, 74, "ADDR[63:12]");
    }

    private static RiscvCommand fence(boolean av, boolean wsi, boolean pr, boolean pw, int data, long address) {
        return new RiscvCommand.IofenceC(av, wsi, pr, pw, data, address);
    }

    @Test
    void iofenceFields() {
        bits(fence(true, false, false, false, 0, 0), 2, 0, 10, 10, "AV");
        bits(fence(false, true, false, false, 0, 0), 2, 0, 11, 11, "WSI");
        bits(fence(false, false, true, false, 0, 0), 2, 0, 12, 12, "PR");
        bits(fence(false, false, false, true, 0, 0), 2, 0, 13, 13, "PW");
        bits(fence(false, false, false, false, -1, 0), 2, 0, 63, 32, "DATA");
        bits(fence(false, false, false, false, 0, -1), 2, 0, 125, 64, "ADDR[63:2]");
    }

    @Test
    void iodirFields() {
        bits(new RiscvCommand.IodirInvalDdt(true, 0), 3, 0, 33, 33, "DV");
        bits(new RiscvCommand.IodirInvalDdt(false, -1), 3, 0, 63, 40, "DID");
        assertThat(new RiscvCommand.IodirInvalPdt(0, 0).words()).as("DV must be 1").containsExactly(3L | 1 << 7 | 1L << 33, 0L);
        assertThat(new RiscvCommand.IodirInvalPdt(-1, 0).low() ^ new RiscvCommand.IodirInvalPdt(0, 0).low()).isEqualTo(0xffff_f000L);
        assertThat(new RiscvCommand.IodirInvalPdt(0, -1).low() ^ new RiscvCommand.IodirInvalPdt(0, 0).low()).isEqualTo(-1L << 40);
    }

    private static RiscvCommand inval(int pid, boolean pv, boolean dsv, int rid, int dseg, boolean global, PageSpan address) {
        return new RiscvCommand.AtsInval(pid, pv, dsv, rid, dseg, global, address);
    }

    @Test
    void atsInvalFields() {
        bits(inval(-1, false, false, 0, 0, false, NOWHERE), 4, 0, 31, 12, "PID");
        bits(inval(0, true, false, 0, 0, false, NOWHERE), 4, 0, 32, 32, "PV");
        bits(inval(0, false, true, 0, 0, false, NOWHERE), 4, 0, 33, 33, "DSV");
        bits(inval(0, false, false, -1, 0, false, NOWHERE), 4, 0, 55, 40, "RID");
        bits(inval(0, false, false, 0, -1, false, NOWHERE), 4, 0, 63, 56, "DSEG");
        bits(inval(0, false, false, 0, 0, true, NOWHERE), 4, 0, 64, 64, "G");
        bits(inval(0, false, false, 0, 0, false, new PageSpan(0, true)), 4, 0, 75, 75, "S");
        bits(inval(0, false, false, 0, 0, false, new PageSpan(-1, false)), 4, 0, 127, 76, "untranslated address");
    }

    @Test
    void atsPrgrFields() {
        bits(new RiscvCommand.AtsPrgr(-1, false, false, 0, 0, 0, 0), 4, 1, 31, 12, "PID");
        bits(new RiscvCommand.AtsPrgr(0, true, false, 0, 0, 0, 0), 4, 1, 32, 32, "PV");
        bits(new RiscvCommand.AtsPrgr(0, false, true, 0, 0, 0, 0), 4, 1, 33, 33, "DSV");
        bits(new RiscvCommand.AtsPrgr(0, false, false, -1, 0, 0, 0), 4, 1, 55, 40, "RID");
        bits(new RiscvCommand.AtsPrgr(0, false, false, 0, -1, 0, 0), 4, 1, 63, 56, "DSEG");
        bits(new RiscvCommand.AtsPrgr(0, false, false, 0, 0, -1, 0), 4, 1, 104, 96, "page request group index");
        bits(new RiscvCommand.AtsPrgr(0, false, false, 0, 0, 0, -1), 4, 1, 111, 108, "response code");
    }

    /** What the specification reserves in each command, of its 128 bits. */
    @ParameterizedTest
    @CsvSource({
        "IOTINVAL.VMA, 1, '11-11 35-43 60-63 64-72 126-127'",
        "IOTINVAL.GVMA, 0x81, '11-11 32-32 35-43 60-63 64-72 126-127'",
        "IOFENCE.C, 2, '14-31 126-127'",
        "IODIR.INVAL_DDT, 3, '10-32 34-39 64-127'",
        "IODIR.INVAL_PDT, 0x200000083, '10-11 32-32 34-39 64-127'",
        "ATS.INVAL, 4, '10-11 34-39'",
        "ATS.PRGR, 0x84, '10-11 34-39'",
    })
    void aReservedBitMakesACommandIllegal(String name, String low, String reserved) {
        long first = Long.decode(low);
        assertThat(RiscvCommand.decode(first, 0, ALL).name()).isEqualTo(name);
        for (int bit = 10; bit < 128; bit++) {
            long one = bit < 64 ? first ^ 1L << bit : first;
            long two = bit < 64 ? 0 : 1L << bit;
            boolean illegal = reserved(bit, reserved) || name.equals("IODIR.INVAL_PDT") && bit == 33;
            assertThat(RiscvCommand.decode(one, two, ALL) instanceof RiscvCommand.Illegal).as("%s bit %d", name, bit).isEqualTo(illegal);
        }
    }

    private static boolean reserved(int bit, String stretches) {
        for (String stretch : stretches.split(" ")) {
            String[] ends = stretch.split("-");
            if (bit >= Integer.parseInt(ends[0]) && bit <= Integer.parseInt(ends[1])) {
                return true;
            }
        }
        return false;
    }

    @Test
    void everyOtherOpcodeAndFunctionIsIllegal() {
        int known = 0;
        for (int code = 0; code < 1 << 10; code++) {
            long low = code == (3 | 1 << 7) ? code | 1L << 33 : code;
            known += RiscvCommand.decode(low, 0, ALL) instanceof RiscvCommand.Illegal ? 0 : 1;
        }
        assertThat(known).isEqualTo(7);
    }

    @Test
    void operandsThatTheHardwareDoesNotKnowAreIllegal() {
        Capabilities bare = Capabilities.DEFAULT.nonLeaf(false).wire(false);
        assertThat(illegal(vma(true, 1, true, false, true, 0, NOWHERE), bare)).as("NL").isTrue();
        assertThat(illegal(vma(true, 1, true, false, false, 0, NOWHERE), bare)).isFalse();
        assertThat(illegal(gvma(true, 0, true, true, 0, NOWHERE), bare)).as("NL").isTrue();
        assertThat(illegal(vma(true, 1, true, false, false, 0, new PageSpan(0, true)), bare)).as("S").isTrue();
        assertThat(illegal(gvma(true, 0, true, false, 0, new PageSpan(0, true)), bare)).as("S").isTrue();
        assertThat(illegal(fence(false, true, false, false, 0, 0), bare)).as("WSI without a wire").isTrue();
        assertThat(illegal(fence(false, true, false, false, 0, 0), ALL)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"1, true, 6", "2, true, 15", "3, true, 24", "1, false, 7", "2, false, 16", "3, false, 24"})
    void aDeviceIdMustNotBeWiderThanTheDirectory(int levels, boolean extended, int bits) {
        Capabilities capabilities = Capabilities.DEFAULT.levels(levels).extended(extended);
        assertThat(capabilities.deviceIdBits()).isEqualTo(bits);
        int widest = (1 << bits) - 1;
        assertThat(illegal(new RiscvCommand.IodirInvalDdt(true, widest), capabilities)).isFalse();
        assertThat(illegal(new RiscvCommand.IodirInvalPdt(0, widest), capabilities)).isFalse();
        if (bits < 24) {
            assertThat(illegal(new RiscvCommand.IodirInvalDdt(true, widest + 1), capabilities)).isTrue();
            assertThat(illegal(new RiscvCommand.IodirInvalPdt(0, widest + 1), capabilities)).isTrue();
            assertThat(illegal(new RiscvCommand.IodirInvalDdt(false, widest + 1), capabilities)).as("DID is ignored").isFalse();
        }
    }

    private static boolean illegal(RiscvCommand command, Capabilities capabilities) {
        return RiscvCommand.decode(command.low(), command.high(), capabilities) instanceof RiscvCommand.Illegal;
    }
}
