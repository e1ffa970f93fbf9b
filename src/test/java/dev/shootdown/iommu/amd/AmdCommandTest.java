package dev.shootdown.iommu.amd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.iommu.PageSpan;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AmdCommandTest {
    private static final PageSpan NOWHERE = new PageSpan(0, false);

    private static AmdCommand random(SplittableRandom random) {
        int device = random.nextInt(1 << 16);
        int pasid = random.nextInt(1 << 20);
        PageSpan span = new PageSpan(random.nextLong() & -4096L, random.nextInt(2) == 0);
        boolean one = random.nextInt(2) == 0;
        boolean other = random.nextInt(2) == 0;
        return switch (random.nextInt(8)) {
            case 0 -> new AmdCommand.CompletionWait(one, other, random.nextInt(2) == 0,
                    random.nextLong() & 0x000f_ffff_ffff_fff8L, random.nextLong());
            case 1 -> new AmdCommand.InvalidateDevtabEntry(device);
            case 2 -> new AmdCommand.InvalidateIommuPages(pasid, random.nextInt(1 << 16), span, one, other);
            case 3 -> new AmdCommand.InvalidateIotlbPages(device, pasid, random.nextInt(256), random.nextInt(1 << 16), span, one,
                    random.nextInt(4));
            case 4 -> new AmdCommand.InvalidateInterruptTable(device);
            case 5 -> new AmdCommand.PrefetchIommuPages(device, random.nextInt(256), pasid, span, one, other);
            case 6 -> new AmdCommand.CompletePprRequest(device, pasid, one, random.nextInt(512), random.nextInt(16));
            default -> new AmdCommand.InvalidateIommuAll();
        };
    }

    @Test
    void whatIsEncodedIsDecoded() {
        SplittableRandom random = new SplittableRandom(14);
        for (int i = 0; i < 20_000; i++) {
            AmdCommand command = random(random);
            assertThat(AmdCommand.decode(command.low(), command.high())).isEqualTo(command);
            assertThat(command.words()).containsExactly(command.word(0), command.word(1));
        }
    }

    private static void bits(AmdCommand command, int opcode, int high, int low, String where) {
        long first = command.low() & ~(0xfL << 60);
        assertThat(command.low() >>> 60).isEqualTo(opcode);
        long[] words = {first, command.high()};
        for (int bit = 0; bit < 128; bit++) {
            boolean expected = bit >= low && bit <= high;
            assertThat((words[bit / 64] >>> bit & 1) != 0).as("%s bit %d", where, bit).isEqualTo(expected);
        }
    }

    @Test
    void completionWaitFields() {
        bits(new AmdCommand.CompletionWait(true, false, false, 0, 0), 1, 0, 0, "S");
        bits(new AmdCommand.CompletionWait(false, true, false, 0, 0), 1, 1, 1, "I");
        bits(new AmdCommand.CompletionWait(false, false, true, 0, 0), 1, 2, 2, "F");
        bits(new AmdCommand.CompletionWait(false, false, false, -1, 0), 1, 51, 3, "store address");
        bits(new AmdCommand.CompletionWait(false, false, false, 0, -1), 1, 127, 64, "store data");
    }

    @Test
    void invalidateDevtabEntryFields() {
        bits(new AmdCommand.InvalidateDevtabEntry(0xffff), 2, 15, 0, "DeviceID");
        bits(new AmdCommand.InvalidateInterruptTable(0xffff), 5, 15, 0, "DeviceID");
    }

    @Test
    void invalidateIommuPagesFields() {
        bits(new AmdCommand.InvalidateIommuPages(0xf_ffff, 0, NOWHERE, false, false), 3, 19, 0, "PASID");
        bits(new AmdCommand.InvalidateIommuPages(0, 0xffff, NOWHERE, false, false), 3, 47, 32, "DomainID");
        bits(new AmdCommand.InvalidateIommuPages(0, 0, new PageSpan(0, true), false, false), 3, 64, 64, "S");
        bits(new AmdCommand.InvalidateIommuPages(0, 0, NOWHERE, true, false), 3, 65, 65, "PDE");
        bits(new AmdCommand.InvalidateIommuPages(0, 0, NOWHERE, false, true), 3, 66, 66, "GN");
        bits(new AmdCommand.InvalidateIommuPages(0, 0, new PageSpan(-1, false), false, false), 3, 127, 76, "address");
    }

    @Test
    void invalidateIotlbPagesFields() {
        bits(new AmdCommand.InvalidateIotlbPages(0xffff, 0, 0, 0, NOWHERE, false, 0), 4, 15, 0, "DeviceID");
        bits(new AmdCommand.InvalidateIotlbPages(0, 0xff00, 0, 0, NOWHERE, false, 0), 4, 23, 16, "PASID[15:8]");
        bits(new AmdCommand.InvalidateIotlbPages(0, 0, 0xff, 0, NOWHERE, false, 0), 4, 31, 24, "MaxPend");
        bits(new AmdCommand.InvalidateIotlbPages(0, 0, 0, 0xffff, NOWHERE, false, 0), 4, 47, 32, "QueueID");
        bits(new AmdCommand.InvalidateIotlbPages(0, 0xff, 0, 0, NOWHERE, false, 0), 4, 55, 48, "PASID[7:0]");
        bits(new AmdCommand.InvalidateIotlbPages(0, 0xf_0000, 0, 0, NOWHERE, false, 0), 4, 59, 56, "PASID[19:16]");
        bits(new AmdCommand.InvalidateIotlbPages(0, 0, 0, 0, new PageSpan(0, true), false, 0), 4, 64, 64, "S");
        bits(new AmdCommand.InvalidateIotlbPages(0, 0, 0, 0, NOWHERE, true, 0), 4, 66, 66, "GN");
        bits(new AmdCommand.InvalidateIotlbPages(0, 0, 0, 0, NOWHERE, false, 3), 4, 69, 68, "Type");
        bits(new AmdCommand.InvalidateIotlbPages(0, 0, 0, 0, new PageSpan(-1, false), false, 0), 4, 127, 76, "address");
    }

    @Test
    void prefetchFields() {
        bits(new AmdCommand.PrefetchIommuPages(0xffff, 0, 0, NOWHERE, false, false), 6, 15, 0, "DeviceID");
        bits(new AmdCommand.PrefetchIommuPages(0, 0xff, 0, NOWHERE, false, false), 6, 31, 24, "PFCount");
        bits(new AmdCommand.PrefetchIommuPages(0, 0, 0xf_ffff, NOWHERE, false, false), 6, 51, 32, "PASID");
        bits(new AmdCommand.PrefetchIommuPages(0, 0, 0, new PageSpan(0, true), false, false), 6, 64, 64, "S");
        bits(new AmdCommand.PrefetchIommuPages(0, 0, 0, NOWHERE, true, false), 6, 66, 66, "GN");
        bits(new AmdCommand.PrefetchIommuPages(0, 0, 0, NOWHERE, false, true), 6, 68, 68, "Inval");
    }

    @Test
    void completePprFields() {
        bits(new AmdCommand.CompletePprRequest(0xffff, 0, false, 0, 0), 7, 15, 0, "DeviceID");
        bits(new AmdCommand.CompletePprRequest(0, 0xf_ffff, false, 0, 0), 7, 51, 32, "PASID");
        bits(new AmdCommand.CompletePprRequest(0, 0, true, 0, 0), 7, 66, 66, "GN");
        bits(new AmdCommand.CompletePprRequest(0, 0, false, 0x1ff, 0), 7, 104, 96, "PRG index");
        bits(new AmdCommand.CompletePprRequest(0, 0, false, 0, 0xf), 7, 111, 108, "response code");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 9, 0xa, 0xb, 0xc, 0xd, 0xe, 0xf})
    void otherOpcodesAreIllegal(int opcode) {
        assertThat(AmdCommand.decode((long) opcode << 60, 7)).isEqualTo(new AmdCommand.Illegal((long) opcode << 60, 7));
    }
}
