package dev.shootdown.sim;

import java.util.List;
import java.util.SplittableRandom;

/** Decides, between two steps, who takes the next one. */
public interface Schedule {
    /** The next step's actor and choice, or null where nobody can move, or this schedule is at its end. */
    Choice next(Engine engine);

    /**
     * In order: the first of these actors that still has something to do goes as far as it can, and where it
     * waits the others help it, the one that was made first coming first. The first alternative is taken. What would go
     * round for ever ends.
     */
    final class InOrder implements Schedule {
        private final List<Actor> rows;
        private final Circle circle = new Circle();
        private boolean circled;

        public InOrder(List<Actor> rows) {
            this.rows = List.copyOf(rows);
        }

        @Override
        public Choice next(Engine engine) {
            circled = circle.closed(engine);
            if (circled) {
                return null;
            }
            for (Actor row : rows) {
                if (engine.ready(row)) {
                    return new Choice(row.number(), 0);
                }
                if (!engine.idle(row)) {
                    return helper(engine, row);
                }
            }
            return helper(engine, null);
        }

        /** Whether it ended since all would go round for ever. */
        public boolean circled() {
            return circled;
        }

        private Choice helper(Engine engine, Actor waiting) {
            for (Actor actor : engine.actors()) {
                if (actor != waiting && !rows.contains(actor) && engine.ready(actor)) {
                    return new Choice(actor.number(), 0);
                }
            }
            for (Actor actor : rows) {
                if (actor != waiting && engine.ready(actor)) {
                    return new Choice(actor.number(), 0);
                }
            }
            return null;
        }
    }

    /** By seed: any actor that is ready, any alternative, each as likely as the others. */
    record Seeded(SplittableRandom random) implements Schedule {
        public Seeded(long seed) {
            this(new SplittableRandom(seed));
        }

        @Override
        public Choice next(Engine engine) {
            List<Actor> ready = engine.actors().stream().filter(engine::ready).toList();
            if (ready.isEmpty()) {
                return null;
            }
            Actor actor = ready.get(random.nextInt(ready.size()));
            return new Choice(actor.number(), random.nextInt(engine.choices(actor)));
        }
    }

    /** By hand: what a list of choices says, until its end. */
    final class ByHand implements Schedule {
        private final List<Choice> choices;
        private int at;

        public ByHand(List<Choice> choices) {
            this.choices = List.copyOf(choices);
        }

        @Override
        public Choice next(Engine engine) {
            return at < choices.size() ? choices.get(at++) : null;
        }
    }
}
