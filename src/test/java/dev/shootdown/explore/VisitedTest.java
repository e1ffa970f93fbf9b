package dev.shootdown.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The set of states, held against one that is known to work. */
class VisitedTest {
    @Test
    void itIsASet() {
        SplittableRandom random = new SplittableRandom(1);
        Visited visited = new Visited(Long.MAX_VALUE);
        Set<Long> known = new HashSet<>();
        for (int i = 0; i < 400_000; i++) {
            long key = random.nextInt(3) == 0 && !known.isEmpty() ? random.nextInt(1000) - 500 : random.nextLong();
            assertThat(visited.add(key == 1 ? 2 : key)).isEqualTo(known.add(key == 1 ? 2 : key));
        }
        assertThat(visited.size()).isEqualTo(known.size());
        for (long key : known) {
            assertThat(visited.add(key)).isFalse();
        }
    }

    @Test
    void aStateFillsSixteenBytesAtMost() {
        SplittableRandom random = new SplittableRandom(2);
        Visited visited = new Visited(Long.MAX_VALUE);
        for (int i = 1; i <= 2_000_000; i++) {
            visited.add(random.nextLong());
            if (i > 20_000 && i % 1000 == 0) {
                assertThat((double) visited.bytes() / i).isBetween(8.0, 16.0);
            }
        }
    }

    @Test
    void itSaysThatItIsFullAndTakesNoMoreRoom() {
        SplittableRandom random = new SplittableRandom(3);
        Visited visited = new Visited(300_000);
        while (!visited.full()) {
            visited.add(random.nextLong());
        }
        assertThat(visited.bytes()).isBetween(150_000L, 300_000L);
        assertThat(visited.size()).isGreaterThan(10_000);
    }
}
