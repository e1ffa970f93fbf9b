package dev.shootdown.lang;

import dev.shootdown.driver.Driver;
import dev.shootdown.driver.DriverMutant;
import dev.shootdown.sim.Agenda;
import dev.shootdown.sim.Mutant;
import dev.shootdown.sim.Mutation;
import dev.shootdown.sim.Safety;
import dev.shootdown.sim.Site;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import java.util.Set;

/** What an experiment changes of the machines that a scenario is explored on. */
sealed interface Alteration {
    /** What comes between steps; null for nothing. */
    Mutation mutation();

    /** The driver in the place of the one that a bind has chosen. */
    default Driver driver(Driver chosen) {
        return chosen;
    }

    /** A driver is another one. */
    record OfDriver(DriverMutant mutant) implements Alteration {
        @Override
        public Mutation mutation() {
            return null;
        }

        @Override
        public Driver driver(Driver chosen) {
            return chosen.equals(mutant.driver()) ? mutant.altered() : chosen;
        }
    }

    /** A step of the kernel or the hardware is left out, or comes at another time. */
    record OfStep(Mutant mutant) implements Alteration {
        @Override
        public Mutation mutation() {
            return mutant;
        }
    }

    /** Nothing is changed, but where steps are taken that are there for safety is noted. */
    record Survey(Set<Site> found) implements Alteration, Mutation {
        @Override
        public Mutation mutation() {
            return this;
        }

        @Override
        public Agenda put(Step step, Step by, Agenda rest) {
            note(step, by);
            return new Agenda(step, rest);
        }

        @Override
        public boolean perform(Step part, Step by, Turn turn) {
            note(part, by);
            return turn.carryOut(part, true);
        }

        private void note(Step step, Step by) {
            if (step.getClass().isAnnotationPresent(Safety.class)) {
                found.add(Site.of(step, by));
            }
        }
    }
}
