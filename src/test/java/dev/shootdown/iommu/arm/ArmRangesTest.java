package dev.shootdown.iommu.arm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.iommu.Caches;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ranges of iommu.md 6.2 as Linux sends them to an SMMU, with range invalidation and without; what they really cover. */
class ArmRangesTest {
    private static final long BASE = 0x7f00_0000_0000L;
    private static final long PAGE = 4096;

    private static List<Tlbi> commands(long start, long end, boolean ranges) {
        return Tlbi.of(Tlbi.Operation.NH_ASID, Tlbi.Operation.NH_VA, 0, 7, start, end, ranges).stream().map(Tlbi.class::cast).toList();
    }

    private static String written(List<Tlbi> commands) {
        return commands.stream()
                .map(one -> "(%x,%d,%d)".formatted(one.span().address() - BASE >>> 12, one.span().num(), one.span().scale()))
                .collect(Collectors.joining("+"));
    }

    @ParameterizedTest(name = "[{0},{1})")
    @CsvSource(delimiter = ';', value = {
        // first; end (pages, hex); TLBI with ranges; pages; TLBI without; ATC_INV address (pages); its size; its pages
        "1; 2; (1,0,1); 2; 1; 1; 0; 1",
        "2; 4; (2,0,1); 2; 2; 2; 1; 2",
        "1; 3; (1,0,1); 2; 2; 0; 2; 4",
        "3; 5; (3,0,1); 2; 2; 0; 3; 8",
        "7; b; (7,0,2); 4; 4; 0; 4; 16",
        "0; 21; (0,16,1); 34; 33; 0; 6; 64",
        "0; 3f; (0,30,0)+(1f,0,5); 63; 63; 0; 6; 64",
        "0; 200; (0,0,9); 512; ASID; 0; 9; 512",
        "1ff; 401; (1ff,0,1)+(201,0,9); 514; ASID; 0; b; 2048",
        "3ffff; 40001; (3ffff,0,1); 2; 2; 0; 13; 524288",
    })
    void workedRanges(String first, String end, String ranges, long pages, String single, String atc, String size, long covered) {
        long from = BASE + Long.parseLong(first, 16) * PAGE;
        long to = BASE + Long.parseLong(end, 16) * PAGE;
        List<Tlbi> withRanges = commands(from, to, true);
        assertThat(written(withRanges)).isEqualTo(ranges);
        assertThat(withRanges.stream().mapToLong(one -> one.span().count()).sum()).isEqualTo(pages);
        assertThat(withRanges).allMatch(one -> one.span().tg() == 1 && one.span().ttl() == 0 && !one.span().leaf() && one.asid() == 7);
        List<Tlbi> singles = commands(from, to, false);
        if (single.equals("ASID")) {
            assertThat(singles).containsExactly(new Tlbi(Tlbi.Operation.NH_ASID, 0, 7, Tlbi.Span.NONE));
        } else {
            assertThat(singles).hasSize(Integer.parseInt(single)).allMatch(one -> one.span().tg() == 0 && one.span().count() == 1);
        }
        ArmCommand.AtcInv invalidation = ArmCommand.AtcInv.of(8, 7, from, to);
        assertThat(invalidation.address()).isEqualTo(BASE + Long.parseLong(atc, 16) * PAGE);
        assertThat(invalidation.size()).isEqualTo(Integer.parseInt(size, 16));
        assertThat(invalidation.end() - invalidation.start() >>> 12).isEqualTo(covered);
    }

    @Test
    void everythingIsByAsidAndSize52() {
        assertThat(commands(0, Caches.EVERYTHING, true)).containsExactly(new Tlbi(Tlbi.Operation.NH_ASID, 0, 7, Tlbi.Span.NONE));
        assertThat(commands(0, Caches.EVERYTHING, false)).containsExactly(new Tlbi(Tlbi.Operation.NH_ASID, 0, 7, Tlbi.Span.NONE));
        ArmCommand.AtcInv all = ArmCommand.AtcInv.all(8, 7);
        assertThat(all.words()).containsExactly(0x8_0000_7840L, 52L);
        assertThat(all.start()).isZero();
        assertThat(all.end()).isEqualTo(Caches.EVERYTHING);
    }

    /** 511 pages are 511 commands, 512 one; with ranges it is the bits of the count that decide. */
    @Test
    void theBoundaryWithoutRanges() {
        assertThat(commands(BASE, BASE + 511 * PAGE, false)).hasSize(511);
        assertThat(commands(BASE, BASE + 512 * PAGE, false)).hasSize(1);
        assertThat(commands(BASE, BASE + 511 * PAGE, true)).hasSize(2);
    }

    @Test
    void noRangeIsMissedAndNoCommandReserved() {
        SplittableRandom random = new SplittableRandom(62);
        for (int i = 0; i < 20_000; i++) {
            long first = random.nextLong(1L << 45);
            long pages = 1 + random.nextLong(1L << random.nextInt(45));
            long from = first << 12;
            long to = from + (pages << 12);
            long at = from;
            for (Tlbi one : commands(from, to, true)) {
                assertThat(ArmCommand.decode(one.low(), one.high())).isEqualTo(one);
                assertThat(one.span().start()).isEqualTo(at);
                at = one.span().end();
            }
            assertThat(at - to).isBetween(0L, PAGE);
            ArmCommand.AtcInv atc = ArmCommand.AtcInv.of(8, 7, from, to);
            assertThat(Long.compareUnsigned(atc.start(), from)).isLessThanOrEqualTo(0);
            assertThat(Long.compareUnsigned(atc.end(), to)).isGreaterThanOrEqualTo(0);
            assertThat(ArmCommand.decode(atc.low(), atc.high())).isEqualTo(atc);
        }
    }

    /** The other granules' ranges are about entries that this SMMU's tables of 4 KiB never made. */
    @Test
    void granules() {
        assertThat(new Tlbi.Span(BASE, 0, 1, 0, 2, false).count()).isEqualTo(8);
        assertThat(new Tlbi.Span(BASE, 0, 1, 0, 3, false).count()).isEqualTo(32);
        assertThat(new Tlbi.Span(BASE, 0, 1, 0, 2, false).pages()).isFalse();
        assertThat(new Tlbi.Span(BASE, 31, 31, 0, 3, false).end()).isGreaterThan(BASE);
        assertThat(new Tlbi.Span(-4096, 31, 31, 0, 1, false).end()).isEqualTo(Caches.EVERYTHING);
    }
}
