package dev.shootdown.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MutantTest {
    /** Where steps write down that they ran, oldest first, two digits each. */
    private static final class Diary {
        private final Cell text;
        private final Cell gate;

        Diary(World world) {
            this.text = world.cell("text");
            this.gate = world.cell("gate");
            world.install(this);
        }
    }

    private record Note(int number) implements Step {
        @Override
        public void run(Turn turn) {
            Cell text = turn.part(Diary.class).text;
            text.set(text.get() * 10 + number);
        }
    }

    @Safety(value = "a lock", manners = Manner.DROP, undoneBy = Unlock.class)
    private record Lock() implements Step {
        @Override
        public void run(Turn turn) {
            new Note(1).run(turn);
        }
    }

    private record Unlock() implements Step {
        @Override
        public void run(Turn turn) {
            new Note(9).run(turn);
        }
    }

    /** Waits for a gate that nobody opens. */
    @Safety("a wait")
    private record Wait() implements Step {
        @Override
        public boolean ready(World world) {
            return world.part(Diary.class).gate.get() != 0;
        }

        @Override
        public void run(Turn turn) {
            new Note(5).run(turn);
        }
    }

    private record End() implements Step {
        @Override
        public boolean ends() {
            return true;
        }

        @Override
        public void run(Turn turn) {
            new Note(7).run(turn);
        }
    }

    /** Locks, does its work, unlocks and ends; something else comes behind. */
    private record Operation() implements Step {
        @Override
        public void run(Turn turn) {
            turn.then(new Lock(), new Note(2), new Note(3), new Unlock(), new End(), new Note(8));
        }
    }

    /** The same with its first step as a part of itself. */
    private record Whole() implements Step {
        @Override
        public void run(Turn turn) {
            turn.then(List.of(new Note(2), new Note(3), new Unlock(), new End(), new Note(8)));
            turn.perform(new Lock());
        }
    }

    private record Impatient(boolean part) implements Step {
        @Override
        public void run(Turn turn) {
            if (!part) {
                turn.then(new Wait(), new Note(2));
            } else if (turn.perform(new Wait())) {
                turn.then(new Note(2));
            }
        }
    }

    private static long run(Mutation mutation, Step... steps) {
        Engine engine = new Engine(new World(), new Trace(), mutation);
        Diary diary = new Diary(engine.world());
        Actor actor = engine.actor("a");
        engine.assign(actor, List.of(steps));
        while (engine.ready(actor)) {
            engine.step(actor, 0);
        }
        return diary.text.get();
    }

    private static Mutant mutant(Class<? extends Step> step, Manner manner) {
        return new Mutant(new Site(step, MutantTest.class), manner);
    }

    @Test
    void nothingChangesWithoutAMutantOrElsewhere() {
        assertThat(run(null, new Operation())).isEqualTo(123978);
        assertThat(run(null, new Whole())).isEqualTo(123978);
        assertThat(run(new Mutant(new Site(Lock.class, String.class), Manner.DROP), new Operation())).isEqualTo(123978);
    }

    @Test
    void dropTakesWhatUndoesTheStepAlong() {
        assertThat(run(mutant(Lock.class, Manner.DROP), new Operation())).isEqualTo(2378);
        assertThat(run(mutant(Lock.class, Manner.DROP), new Whole())).isEqualTo(2378);
    }

    @Test
    void swapPutsItBehindItsNeighbour() {
        assertThat(run(mutant(Lock.class, Manner.SWAP), new Operation())).isEqualTo(213978);
        assertThat(run(mutant(Lock.class, Manner.SWAP), new Whole())).isEqualTo(213978);
    }

    @Test
    void delayPutsItBehindTheEndOfTheOperation() {
        assertThat(run(mutant(Lock.class, Manner.DELAY), new Operation())).isEqualTo(239718);
        assertThat(run(mutant(Lock.class, Manner.DELAY), new Whole())).isEqualTo(239718);
    }

    @Test
    void hurryDoesNotWait() {
        assertThat(run(null, new Impatient(false))).isZero();
        assertThat(run(mutant(Wait.class, Manner.HURRY), new Impatient(false))).isEqualTo(52);
        assertThat(run(null, new Impatient(true))).isZero();
        assertThat(run(mutant(Wait.class, Manner.HURRY), new Impatient(true))).isEqualTo(52);
    }

    /** Only the steps that the World holds tell a hurried step from one that waits. */
    @Test
    void aHurriedStepIsAStateOfItsOwn() {
        assertThat(Hash.of(new Hurried(new Wait()))).isNotEqualTo(Hash.of(new Wait()));
        assertThat(new Hurried(new Wait()).name()).isEqualTo("Wait");
    }

    @Test
    void aSiteSaysWhatAndWhere() {
        List<String> texts = new ArrayList<>();
        texts.add(new Site(Wait.class, String.class).text());
        texts.add(new Site(Hurried.class, String.class).text());
        assertThat(texts).containsExactly("MutantTest.Wait in String", "Hurried in String");
        assertThat(Site.of(new Wait(), new Hurried(new Operation())).in()).isEqualTo(MutantTest.class);
    }
}
