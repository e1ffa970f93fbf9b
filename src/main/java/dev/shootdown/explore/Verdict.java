package dev.shootdown.explore;

import dev.shootdown.trace.Event;
import java.util.Locale;

/**
 * What is to be said of one condition.
 *
 * @param condition which
 * @param often     in how many of the ends; of a question, whether it was answered
 * @param happened  the distinct ends at or on the way to which it was true ({@code always}: until which it stayed
 *                  true). Where it was true only on runs that never end, these count as one more end
 * @param ends      the distinct ends
 * @param holds     whether the condition holds
 * @param value     the answer to a question; null otherwise, and where no end was reached
 * @param witness   a run that breaks the condition, or that shows what it says to exist, or has the value; or null
 */
public record Verdict(Condition condition, Often often, long happened, long ends, Holds holds, Long value, Witness witness) {
    /** The words of litmus tests. */
    public enum Often {
        NEVER, SOMETIMES, ALWAYS;

        /** As in the language. */
        public String word() {
            return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
        }
    }

    /** Whether a condition holds, as far as was searched. */
    public enum Holds { YES, NO, UNKNOWN }

    /** With its numbers: {@code Sometimes 3 of 12}. */
    public String text() {
        if (condition.quantifier().measures()) {
            return value == null ? "no end" : Long.toString(value);
        }
        return often == Often.SOMETIMES ? often.word() + " " + happened + " of " + ends : often.word();
    }

    /** As an event; one that is not known to hold is said not to, and {@code complete} says why. */
    public Event.Verdict event(String scenario, Result result) {
        Counts counts = result.counts();
        return new Event.Verdict(scenario, condition.written(), often.word(), holds == Holds.YES, result.reach().complete(),
                result.reach().where(), counts.states(), counts.transitions(), counts.ends(), happened, counts.seconds(), counts.collisions(), counts.bytes(),
                witness == null ? null : witness.token().text(), value);
    }
}
