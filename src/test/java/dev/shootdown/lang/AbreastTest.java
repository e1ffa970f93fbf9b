package dev.shootdown.lang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks at the same time look like tasks one behind the other. */
class AbreastTest {
    private final Audience audience = new Audience();

    private <T> List<T> run(int threads, List<Abreast.Task<T>> tasks) {
        return Abreast.run(audience, stage -> { }, threads, tasks);
    }

    private static void say(Backlog shown, String text) {
        shown.diagnostic(Diagnostic.error("said", Span.whole(text), text));
    }

    private List<String> said() {
        return audience.diagnostics.stream().map(Diagnostic::cause).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void whatTheyShowComesInOrder(int threads) {
        List<Abreast.Task<Integer>> tasks = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            int number = i;
            tasks.add(shown -> {
                say(shown, number + " begins");
                Thread.onSpinWait();
                say(shown, number + " ends");
                return number * number;
            });
            expected.addAll(List.of(i + " begins", i + " ends"));
        }
        List<Integer> results = run(threads, tasks);
        assertThat(said()).isEqualTo(expected);
        assertThat(results).hasSize(40).element(39).isEqualTo(39 * 39);
    }

    /** Each waits until the other has begun: one behind the other they would never end. */
    @Test
    void theyRunAtTheSameTime() {
        CountDownLatch both = new CountDownLatch(2);
        Abreast.Task<Boolean> task = shown -> {
            both.countDown();
            try {
                both.await();
            } catch (InterruptedException e) {
                return false;
            }
            return true;
        };
        assertThat(run(2, List.of(task, task))).containsExactly(true, true);
    }

    @Test
    void whatFailsFailsInItsTurn() {
        List<Abreast.Task<Integer>> tasks = List.of(shown -> {
            say(shown, "first");
            return 1;
        }, shown -> {
            throw new IllegalStateException("second");
        }, shown -> {
            say(shown, "third");
            return 3;
        });
        assertThatThrownBy(() -> run(2, tasks)).isInstanceOf(IllegalStateException.class).hasMessage("second");
        assertThat(said()).containsExactly("first");
    }

    @Test
    void oneForWhichMemoryDidNotSufficeIsRunAgainAlone() {
        AtomicInteger tries = new AtomicInteger();
        List<Abreast.Task<String>> tasks = List.of(shown -> {
            say(shown, "large " + tries.incrementAndGet());
            if (tries.get() == 1) {
                throw new OutOfMemoryError("not all at once");
            }
            return "large";
        }, shown -> {
            say(shown, "small");
            return "small";
        });
        assertThat(run(2, tasks)).containsExactly("large", "small");
        assertThat(said()).endsWith("large 2", "small");
    }

    @Test
    void oneForWhichMemoryDoesNotSufficeAloneFails() {
        List<Abreast.Task<String>> tasks = List.of(shown -> {
            throw new OutOfMemoryError("not even alone");
        });
        assertThatThrownBy(() -> run(1, tasks)).isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void noneBeginsWhenAnEndIsWanted() {
        List<Abreast.Task<String>> tasks = List.of(shown -> {
            audience.interrupted = true;
            return "first";
        }, shown -> "second");
        assertThat(run(1, tasks)).containsExactly("first", null);
    }
}
