package dev.shootdown.explore;

import dev.shootdown.check.Check;
import dev.shootdown.check.Checkers;
import dev.shootdown.check.Spaces;
import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Role;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import dev.shootdown.trace.Trace;
import java.util.List;
import java.util.function.Function;

/** A small machine for searches: some words of memory, some counters outside the fingerprint, and steps over them. */
final class Toy {
    final Engine engine = new Engine(new World(), new Trace());
    final Cells words = engine.world().cells("toy.words");
    final Cells counters = engine.world().cells("toy.counters", Role.OUTSIDE, 0);

    Toy() {
        engine.world().install(this);
        new Checkers(engine, new Frames(engine.world(), 64), Spaces.NONE).watch(List.of(Check.DEADLOCK, Check.LIVELOCK), false);
    }

    /** A machine whose actors {@code a}, {@code b} ... have these rows. */
    @SafeVarargs
    static Start of(List<? extends Step>... rows) {
        return () -> {
            Toy toy = new Toy();
            for (int i = 0; i < rows.length; i++) {
                toy.engine.assign(toy.engine.actor(String.valueOf((char) ('a' + i))), rows[i]);
            }
            return toy.engine;
        };
    }

    static long word(World world, long index) {
        return world.part(Toy.class).words.get(index);
    }

    static Condition forbid(String written, Function<Toy, Boolean> test) {
        return Condition.of("forbid " + written, Quantifier.FORBID, world -> test.apply(world.part(Toy.class)));
    }

    /** Sets a word. */
    record Put(int index, long value) implements Step {
        @Override
        public void run(Turn turn) {
            turn.part(Toy.class).words.set(index, value);
        }
    }

    /** Sets a word to one of the values from 0. */
    record PutAny(int index, int values) implements Step {
        @Override
        public int choices(World world) {
            return values;
        }

        @Override
        public void run(Turn turn) {
            turn.part(Toy.class).words.set(index, turn.choice());
        }
    }

    /** Sets a word and then all of the first to 0: what it depended on cannot be told from values alone. */
    record Wipe(int index) implements Step {
        @Override
        public void run(Turn turn) {
            Cells words = turn.part(Toy.class).words;
            words.set(index, 3);
            words.clear(0, 4);
        }
    }

    /** Reads a word into the actor's result. */
    record Load(int index) implements Step {
        @Override
        public void run(Turn turn) {
            turn.result(turn.part(Toy.class).words.get(index));
        }
    }

    /** Writes the actor's result, and so much more, to a word. */
    record Store(int index, int more) implements Step {
        @Override
        public void run(Turn turn) {
            turn.part(Toy.class).words.set(index, turn.takeResult() + more);
        }
    }

    /** Waits until a word is 0 and sets it to 1. */
    record Lock(int index) implements Step {
        @Override
        public boolean ready(World world) {
            return word(world, index) == 0;
        }

        @Override
        public void run(Turn turn) {
            turn.part(Toy.class).words.set(index, 1);
        }
    }

    record Unlock(int index) implements Step {
        @Override
        public void run(Turn turn) {
            turn.part(Toy.class).words.set(index, 0);
        }
    }

    /** Serves: waits until a word is not 0, sets it to 0, counts, and waits anew. */
    record Serve(int index) implements Step {
        @Override
        public boolean ready(World world) {
            return word(world, index) != 0;
        }

        @Override
        public boolean idle() {
            return true;
        }

        @Override
        public void run(Turn turn) {
            Toy toy = turn.part(Toy.class);
            toy.words.set(index, 0);
            toy.counters.add(index, 1);
            turn.then(this);
        }
    }

    /** Asks again and again until a word is not 0. */
    record Poll(int index) implements Step {
        @Override
        public void run(Turn turn) {
            if (turn.part(Toy.class).words.get(index) == 0) {
                turn.then(this);
            }
        }
    }

    /** Counts a word up from 1 to some number and round again, for ever. */
    record Chase(int index, int to) implements Step {
        @Override
        public void run(Turn turn) {
            Cells words = turn.part(Toy.class).words;
            words.set(index, words.get(index) >= to ? 1 : words.get(index) + 1);
            turn.then(this);
        }
    }

    /** Changes five words of the actor's own, so many times. */
    record Work(int times) implements Step {
        @Override
        public void run(Turn turn) {
            Cells words = turn.part(Toy.class).words;
            long first = 16L * turn.actor().number();
            for (int i = 0; i < 5; i++) {
                words.set(first + i, words.get(first + i) * 3 + times + i);
            }
            if (times > 1) {
                turn.then(new Work(times - 1));
            }
        }
    }
}
