package dev.shootdown.conform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShrinkTest {
    private static final int ALL = 200;
    private static final int MOST = 5_000;

    @Test
    void whatIsNeededIsLeft() {
        SplittableRandom random = new SplittableRandom(7);
        List<Integer> numbers = IntStream.range(0, ALL).boxed().toList();
        for (int i = 0; i < 100; i++) {
            List<Integer> needed = random.ints(1 + random.nextInt(5), 0, ALL).distinct().sorted().boxed().toList();
            assertThat(Shrink.of(numbers, some -> some.containsAll(needed), MOST)).isEqualTo(needed);
        }
    }

    /** Also where leaving one out is only possible once another one is gone. */
    @Test
    void nothingOfWhatIsLeftCouldBeLeftOut() {
        List<Integer> numbers = IntStream.range(0, ALL).boxed().toList();
        List<Integer> least = Shrink.of(numbers, some -> some.contains(3) && (!some.contains(90) || some.contains(40)), MOST);
        assertThat(least).containsExactly(3);
    }

    @Test
    void aFailureStaysOneAfterAsManyTrialsAsAllowed() {
        AtomicInteger trials = new AtomicInteger();
        List<Integer> least = Shrink.of(IntStream.range(0, ALL).boxed().toList(), some -> {
            trials.incrementAndGet();
            return some.contains(17) && some.contains(150);
        }, 6);
        assertThat(least).contains(17, 150);
        assertThat(trials.get()).isLessThanOrEqualTo(6);
    }
}
