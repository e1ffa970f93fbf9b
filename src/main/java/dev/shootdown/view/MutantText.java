package dev.shootdown.view;

import dev.shootdown.trace.Event;

/** What came of a mutant, on a line: whether anybody noticed, and who and how. */
final class MutantText {
    private MutantText() {}

    /** The line, without its end. */
    static String line(Event.Mutant mutant, Theme theme) {
        String name = Plain.line(mutant.mutant());
        if (!mutant.noticed()) {
            String extent = mutant.complete() ? "" : ", stopped at " + mutant.states() + " states, not a proof";
            return theme.paint(Theme.Role.BAD, "not noticed") + "  " + name + extent;
        }
        String steps = mutant.steps() == null ? "" : ", " + mutant.steps() + (mutant.steps() == 1 ? " step" : " steps");
        return theme.paint(Theme.Role.GOOD, "noticed") + "      " + name + ": " + Plain.line(mutant.scenario()) + ", "
                + Plain.line(mutant.condition()) + steps;
    }
}
