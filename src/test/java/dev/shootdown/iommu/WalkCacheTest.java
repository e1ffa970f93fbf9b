package dev.shootdown.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.memory.Translation;
import dev.shootdown.sim.World;
import org.junit.jupiter.api.Test;

class WalkCacheTest {
    private static final long PAGE = 0x7_f000_0000L;
    private final WalkCache cache = new WalkCache(new World(), "walk", 16, 4);

    private static long table(long frame) {
        return Translation.of(frame, Translation.READ);
    }

    @Test
    void theDeepestTableKnownIsFound() {
        assertThat(cache.deepest(1, PAGE)).isEqualTo(4);
        cache.fill(3, 1, PAGE, table(30), 3);
        assertThat(cache.deepest(1, PAGE)).isEqualTo(3);
        cache.fill(1, 1, PAGE, table(10), 1);
        assertThat(cache.deepest(1, PAGE)).isEqualTo(1);
        assertThat(cache.table(1, 1, PAGE)).isEqualTo(table(10));
        assertThat(cache.born(1, 1, PAGE)).isEqualTo(1);
    }

    @Test
    void aTableServesItsSpanAndItsPasidOnly() {
        cache.fill(1, 1, PAGE, table(10), 0);
        assertThat(cache.table(1, 1, PAGE + 511)).isEqualTo(table(10));
        assertThat(cache.table(1, 1, PAGE + 512)).isZero();
        assertThat(cache.table(1, 2, PAGE)).isZero();
    }

    @Test
    void aPageDropsEveryPointerWhoseSpanOverlaps() {
        for (int level = 1; level <= 3; level++) {
            cache.fill(level, 1, PAGE, table(level), 0);
        }
        assertThat(cache.drop(1, PAGE + 511, PAGE + 512)).isEqualTo(3);
        assertThat(cache.size(-1)).isZero();
    }

    @Test
    void aPageOfTheNeighbouringTableDropsOnlyWhatCoversBoth() {
        for (int level = 1; level <= 3; level++) {
            cache.fill(level, 1, PAGE, table(level), 0);
        }
        assertThat(cache.drop(1, PAGE + 512, PAGE + 513)).isEqualTo(2);
        assertThat(cache.deepest(1, PAGE)).isEqualTo(1);
        assertThat(cache.drop(2, 0, Caches.PAGES)).isZero();
        assertThat(cache.drop(1, 0, Caches.PAGES)).isEqualTo(1);
    }
}
