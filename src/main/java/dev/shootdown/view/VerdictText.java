package dev.shootdown.view;

import dev.shootdown.trace.Event;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Verdicts in the words of litmus tests. What a search cost is not part of them: it changes with the machine and
 * with every better search, so it goes to whoever asks for {@link #cost}.
 */
final class VerdictText {
    private final Theme theme;
    /** What the last verdict was about: its block goes on as long as this stays. */
    private String heading = "";
    private final Set<String> told = new HashSet<>();

    VerdictText(Theme theme) {
        this.theme = theme;
    }

    /** Ends a block, so that the next verdict begins one. */
    void close() {
        heading = "";
    }

    /** Whether this verdict is of another search than the one before: of another scenario, or of a condition that was told already. */
    boolean begins(Event.Verdict verdict) {
        return !heading(verdict).equals(heading) || told.contains(verdict.condition());
    }

    /** Without an end, what is claimed of ends is claimed of nothing: that is said. */
    private static String heading(Event.Verdict verdict) {
        boolean endless = verdict.ends() == 0 && verdict.complete();
        return Plain.line(verdict.scenario()) + ": " + count(verdict.ends(), "end") + (endless ? ", every run goes on for ever" : "");
    }

    /** Some lines, each with its end. */
    String text(Event.Verdict verdict) {
        StringBuilder out = new StringBuilder();
        if (begins(verdict)) {
            heading = heading(verdict);
            told.clear();
            out.append(theme.paint(Theme.Role.HEADING, heading)).append('\n');
        }
        told.add(verdict.condition());
        out.append("  ").append(mark(verdict)).append("  ").append(Plain.line(verdict.condition())).append(": ").append(finding(verdict));
        out.append(", ").append(extent(verdict)).append('\n');
        if (verdict.witness() != null) {
            out.append("         replay ").append(Plain.line(verdict.witness())).append('\n');
        }
        return out.toString();
    }

    /** What the search visited, how long it took, and how many states may be expected to have been taken for others. */
    static String cost(Event.Verdict verdict) {
        String cost = count(verdict.states(), "state") + ", " + count(verdict.transitions(), "transition");
        cost = verdict.seconds() == null ? cost : cost + String.format(Locale.ROOT, " in %.2f s", verdict.seconds());
        cost = verdict.collisions() == null ? cost : cost + String.format(Locale.ROOT, ", %.0e collisions expected", verdict.collisions());
        return verdict.bytes() == null ? cost
                : cost + String.format(Locale.ROOT, ", %.1f bytes a state", (double) verdict.bytes() / Math.max(1, verdict.states()));
    }

    /** A question has no mark: nothing was claimed. */
    private String mark(Event.Verdict verdict) {
        if (verdict.value() != null) {
            return "     ";
        }
        if (verdict.holds()) {
            return theme.paint(Theme.Role.GOOD, "holds");
        }
        return undecided(verdict) ? "open " : theme.paint(Theme.Role.BAD, "FAILS");
    }

    /** A bound was reached before anything was found that would decide the condition. */
    private static boolean undecided(Event.Verdict verdict) {
        String claim = verdict.condition().split(" ", 2)[0];
        return !verdict.complete() && switch (claim) {
            case "forbid" -> verdict.verdict().equals("Never");
            case "exists" -> true;
            case "always" -> verdict.verdict().equals("Always") || verdict.ends() == 0 && verdict.witness() == null;
            default -> verdict.ends() == 0 || verdict.verdict().equals("Always");
        };
    }

    private static String extent(Event.Verdict verdict) {
        return verdict.complete() ? "complete" : "stopped at " + Plain.line(verdict.stopped()) + ", not a proof";
    }

    private static String finding(Event.Verdict verdict) {
        if (verdict.value() != null) {
            return Long.toString(verdict.value());
        }
        boolean counted = verdict.verdict().equals("Sometimes") && verdict.happened() != null;
        // what happened on a run that a bound cut short has no end yet, and is one all the same
        return counted ? "Sometimes " + verdict.happened() + " of " + Math.max(verdict.happened(), verdict.ends()) : verdict.verdict();
    }

    private static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
