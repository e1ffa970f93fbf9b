package dev.shootdown.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.trace.Trace;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs in order that have no end, and long ones that have. */
@Timeout(60)
class CircleTest {
    private static final long LONG = 500_000;

    private final Engine engine = new Engine(new World(), new Trace());
    private final Actor actor = engine.actor("a");

    CircleTest() {
        engine.world().install(new Count(engine.world().cell("count")));
    }

    record Count(Cell cell) {}

    /** Counts up to a number, and starts again. */
    record Again(long numbers) implements Step {
        @Override
        public void run(Turn turn) {
            Cell count = turn.part(Count.class).cell();
            count.set((count.get() + 1) % numbers);
            turn.then(this);
        }
    }

    /** Counts up to a number. */
    record Once(long numbers) implements Step {
        @Override
        public void run(Turn turn) {
            Cell count = turn.part(Count.class).cell();
            count.add(1);
            if (count.get() < numbers) {
                turn.then(this);
            }
        }
    }

    private Schedule.InOrder run(Step step) {
        engine.agenda(actor, null);
        engine.assign(actor, List.of(step));
        Schedule.InOrder schedule = new Schedule.InOrder(List.of(actor));
        for (Choice choice = schedule.next(engine); choice != null; choice = schedule.next(engine)) {
            engine.step(choice);
        }
        return schedule;
    }

    @Test
    void aRunThatGoesRoundIsGivenUp() {
        for (long round : new long[] {1, 2, 3, 96}) {
            assertThat(run(new Again(round)).circled()).isTrue();
        }
    }

    @Test
    void aLongRunIsNot() {
        assertThat(run(new Once(LONG)).circled()).isFalse();
        assertThat(engine.steps()).isEqualTo(LONG);
    }
}
