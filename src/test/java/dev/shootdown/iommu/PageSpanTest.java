package dev.shootdown.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageSpanTest {
    private static final long BASE = 0x7f00_0000_0000L;
    private static final int PAGE_SHIFT = 12;

    /** The worked examples: pages from the base, then the address field, the S bit, pages really covered. */
    @ParameterizedTest
    @CsvSource({
        "1, 2, 1000, false, 1",
        "2, 4, 2000, true, 2",
        "1, 3, 1000, true, 4",
        "3, 5, 3000, true, 8",
        "7, b, 7000, true, 16",
        "0, 21, 1f000, true, 64",
        "0, 3f, 1f000, true, 64",
        "0, 200, ff000, true, 512",
        "1ff, 401, 3ff000, true, 2048",
        "3ffff, 40001, 3ffff000, true, 524288",
    })
    void encodesTheSmallestAlignedBlock(String from, String to, String address, boolean size, long pages) {
        long start = BASE + (Long.parseLong(from, 16) << PAGE_SHIFT);
        long end = BASE + (Long.parseLong(to, 16) << PAGE_SHIFT);
        PageSpan span = PageSpan.of(start, end);
        assertThat(span).isEqualTo(new PageSpan(BASE + Long.parseLong(address, 16), size));
        assertThat(span.pages()).isEqualTo(pages);
        assertThat(span.start()).isEqualTo(start & -(pages << PAGE_SHIFT));
        assertThat(span.end() - span.start()).isEqualTo(pages << PAGE_SHIFT);
    }

    @Test
    void aRangeWithinOnePageIsThatPage() {
        assertThat(PageSpan.of(BASE + 8, BASE + 16)).isEqualTo(new PageSpan(BASE, false));
    }

    @Test
    void everythingIsOneSpan() {
        assertThat(PageSpan.of(0, -1L)).isEqualTo(PageSpan.EVERYTHING);
        assertThat(PageSpan.EVERYTHING.start()).isZero();
        assertThat(PageSpan.EVERYTHING.end()).isEqualTo(-1L);
        assertThat(PageSpan.EVERYTHING.pages()).isEqualTo(-1);
        assertThat(PageSpan.EVERYTHING.encode()).isEqualTo(0x7fff_ffff_ffff_f001L);
    }

    @Test
    void alwaysCoversTheRangeAndNeverMoreThanTheSmallestBlock() {
        SplittableRandom random = new SplittableRandom(62);
        for (int i = 0; i < 20_000; i++) {
            long start = random.nextLong(1L << 47) & -4096L;
            long end = start + (random.nextLong(1, 1L << random.nextInt(1, 30)) << PAGE_SHIFT);
            PageSpan span = PageSpan.decode(PageSpan.of(start, end).encode());
            assertThat(span).isEqualTo(PageSpan.of(start, end));
            assertThat(span.start()).isLessThanOrEqualTo(start);
            assertThat(span.end()).isGreaterThanOrEqualTo(end);
            long half = (span.end() - span.start()) / 2;
            assertThat(half < 4096 || start / half != (end - 1) / half).as("no smaller block").isTrue();
        }
    }
}
