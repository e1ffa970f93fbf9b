package dev.shootdown.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import dev.shootdown.trace.Listener;
import dev.shootdown.trace.Moment;
import dev.shootdown.trace.Trace;
import dev.shootdown.vocabulary.Errno;
import dev.shootdown.vocabulary.Signal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Agendas, turns, and the schedules over them. */
class EngineTest {
    private final Engine engine = new Engine(new World(), new Trace());
    private final Cells words = engine.world().cells("words");
    private final List<String> said = new ArrayList<>();

    EngineTest() {
        engine.world().install(new Words(words));
        engine.trace().add(new Listener() {
            @Override
            public long kinds() {
                return Kind.PRINT.bit();
            }

            @Override
            public void on(Moment moment) {
                said.add(moment.step() + " " + moment.actor() + " " + ((Event.Print) moment.event()).text());
            }
        });
    }

    record Words(Cells cells) {}

    record Say(String text) implements Step {
        @Override
        public void run(Turn turn) {
            turn.emit(Kind.PRINT, () -> new Event.Print(text));
        }
    }

    record Unfold(List<Step> steps) implements Step {
        @Override
        public void run(Turn turn) {
            turn.then(steps);
        }
    }

    record Choose(int many) implements Step {
        @Override
        public int choices(World world) {
            return many;
        }

        @Override
        public void run(Turn turn) {
            turn.then(new Say("chose " + turn.choice()));
        }
    }

    record Give(int place) implements Step {
        @Override
        public void run(Turn turn) {
            turn.part(Words.class).cells().add(place, 1);
        }
    }

    record Take(int place) implements Step {
        @Override
        public boolean ready(World world) {
            return world.part(Words.class).cells().get(place) > 0;
        }

        @Override
        public void run(Turn turn) {
            turn.part(Words.class).cells().add(place, -1);
            turn.then(new Say("took " + place));
        }
    }

    record Serve(int place) implements Step {
        @Override
        public boolean ready(World world) {
            return world.part(Words.class).cells().get(place) > 0;
        }

        @Override
        public boolean idle() {
            return true;
        }

        @Override
        public void run(Turn turn) {
            turn.part(Words.class).cells().add(place, -1);
            turn.then(new Give(place + 1), this);
        }
    }

    private Actor actor(String name, Step... steps) {
        Actor actor = engine.actor(name);
        engine.assign(actor, List.of(steps));
        return actor;
    }

    private int run(Schedule schedule) {
        int steps = 0;
        for (Choice choice = schedule.next(engine); choice != null; choice = schedule.next(engine)) {
            engine.step(choice);
            steps++;
        }
        return steps;
    }

    @Test
    void whatAStepPutsInFrontComesNext() {
        Actor a = actor("a", new Unfold(List.of(new Say("1"), new Unfold(List.of(new Say("2"))), new Say("3"))), new Say("4"));
        assertThat(run(new Schedule.InOrder(List.of(a)))).isEqualTo(6);
        assertThat(said).containsExactly("2 a 1", "4 a 2", "5 a 3", "6 a 4");
        assertThat(engine.idle(a)).isTrue();
        assertThat(engine.steps()).isEqualTo(6);
    }

    @Test
    void interposedWorkComesFirstAndAssignedWorkLast() {
        Actor a = actor("a", new Say("middle"));
        engine.assign(a, List.of(new Say("last")));
        engine.interpose(a, List.of(new Say("first"), new Say("second")));
        run(new Schedule.InOrder(List.of(a)));
        assertThat(said).containsExactly("1 a first", "2 a second", "3 a middle", "4 a last");
    }

    @Test
    void inOrderHelpersGoOnlyWhereARowWaits() {
        Actor a = actor("a", new Give(0), new Take(1), new Say("done"));
        Actor b = actor("b", new Say("b"));
        actor("helper", new Serve(0));
        run(new Schedule.InOrder(List.of(a, b)));
        assertThat(said).containsExactly("5 a took 1", "6 a done", "7 b b");
        assertThat(engine.quiet()).isTrue();
        assertThat(engine.deadlocked()).isFalse();
    }

    @Test
    void inOrderARowThatWaitsForALaterRowIsHelpedByIt() {
        Actor a = actor("a", new Take(0));
        Actor b = actor("b", new Say("b"), new Give(0));
        run(new Schedule.InOrder(List.of(a, b)));
        assertThat(said).containsExactly("1 b b", "4 a took 0");
    }

    @Test
    void whoWaitsForeverIsADeadlock() {
        Actor a = actor("a", new Take(0));
        actor("server", new Serve(5));
        assertThat(engine.quiet()).isTrue();
        assertThat(engine.deadlocked()).isTrue();
        assertThat(new Schedule.InOrder(List.of(a)).next(engine)).isNull();
        assertThat(new Schedule.Seeded(1).next(engine)).isNull();
    }

    @Test
    void aSeedAlwaysGivesTheSameRunAndSeedsDiffer() {
        List<List<String>> runs = new ArrayList<>();
        for (int seed : new int[] {1, 1, 2, 3, 4, 5}) {
            EngineTest test = new EngineTest();
            for (String name : List.of("a", "b", "c")) {
                test.actor(name, new Choose(3), new Choose(3), new Say("end"));
            }
            test.run(new Schedule.Seeded(seed));
            runs.add(test.said);
        }
        assertThat(runs.get(0)).isEqualTo(runs.get(1)).hasSize(9);
        assertThat(runs.stream().distinct().count()).isGreaterThan(3);
        assertThat(runs.toString()).contains("chose 0", "chose 1", "chose 2");
    }

    @Test
    void byHandDoesWhatItIsTold() {
        actor("a", new Choose(3));
        actor("b", new Say("b"));
        run(new Schedule.ByHand(List.of(new Choice(1, 0), new Choice(0, 2), new Choice(0, 0))));
        assertThat(said).containsExactly("1 b b", "3 a chose 2");
    }

    @Test
    void outcomesComeBackAsTheyWere() {
        for (Errno errno : Errno.values()) {
            assertThat(Outcome.errno(Outcome.of(errno))).isEqualTo(errno);
            assertThat(Outcome.signal(Outcome.of(errno))).isNull();
            assertThat(Outcome.failed(Outcome.of(errno))).isTrue();
        }
        for (Signal signal : Signal.values()) {
            assertThat(Outcome.signal(Outcome.of(signal))).isEqualTo(signal);
            assertThat(Outcome.errno(Outcome.of(signal))).isNull();
        }
        assertThat(Outcome.failed(0)).isFalse();
        assertThat(Outcome.signal(5)).isNull();
    }
}
