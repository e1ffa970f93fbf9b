package dev.shootdown.lang;

import dev.shootdown.driver.Action;
import dev.shootdown.driver.Driver;
import dev.shootdown.driver.DriverMutant;
import dev.shootdown.driver.Drivers;
import dev.shootdown.notifier.CallbackName;
import dev.shootdown.sim.Agenda;
import dev.shootdown.sim.Mutant;
import dev.shootdown.sim.Mutation;
import dev.shootdown.sim.Safety;
import dev.shootdown.sim.Site;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import java.util.List;
import java.util.Set;

/** What an experiment changes of the machines that a scenario is explored on. */
sealed interface Alteration {
    /** What comes between steps; null for nothing. */
    Mutation mutation();

    /** The driver in the place of the one that a bind has chosen. */
    default Driver driver(Driver chosen) {
        return chosen;
    }

    /** The function in the place of the one that a driver's callback asks. */
    default Drivers.Function function(Asking asking, Drivers.Function chosen) {
        return chosen;
    }

    /** A callback that asks a function for its actions. */
    record Asking(String driver, CallbackName callback) {}

    /** One change to what a function asks for. */
    record Change(Asking asking, String words) {
        String text() {
            return words + " of driver " + asking.driver() + " on " + asking.callback().word();
        }
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

    /** A function's actions are changed whenever it asks for some that can be changed so. */
    record OfFunction(Change change) implements Alteration {
        @Override
        public Mutation mutation() {
            return null;
        }

        @Override
        public Drivers.Function function(Asking asking, Drivers.Function chosen) {
            return asking.equals(change.asking()) ? asked -> changed(chosen.ask(asked)) : chosen;
        }

        private List<Action> changed(List<Action> actions) {
            return DriverMutant.changes(actions).getOrDefault(change.words(), actions);
        }
    }

    /** A step of the kernel or the hardware is left out, or comes at another time. */
    record OfStep(Mutant mutant) implements Alteration {
        @Override
        public Mutation mutation() {
            return mutant;
        }
    }

    /** Nothing is changed, but where steps are taken that are there for safety is noted, and what functions ask for. */
    record Survey(Set<Site> found, Set<Change> changes) implements Alteration, Mutation {
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

        @Override
        public Drivers.Function function(Asking asking, Drivers.Function chosen) {
            return asked -> {
                List<Action> actions = chosen.ask(asked);
                DriverMutant.changes(actions).keySet().forEach(words -> changes.add(new Change(asking, words)));
                return actions;
            };
        }

        private void note(Step step, Step by) {
            if (step.getClass().isAnnotationPresent(Safety.class)) {
                found.add(Site.of(step, by));
            }
        }
    }
}
