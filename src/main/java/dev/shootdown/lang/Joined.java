package dev.shootdown.lang;

import dev.shootdown.explore.Counts;
import dev.shootdown.explore.Quantifier;
import dev.shootdown.explore.Reach;
import dev.shootdown.explore.Result;
import dev.shootdown.explore.Verdict;
import dev.shootdown.sim.Choice;
import dev.shootdown.trace.Event;
import java.util.ArrayList;
import java.util.List;

/**
 * What came of exploring a scenario from each of its setups. What was chosen in the setup is part of an end: ends of
 * different setups are different ends.
 */
final class Joined {
    /** What came of one setup. */
    record Part(Setup setup, Result result) {}

    /** A run that shows something. */
    record Shown(Setup setup, List<Choice> choices) {}

    private final List<Part> parts = new ArrayList<>();
    private Reach stopped;

    void add(Setup setup, Result result) {
        parts.add(new Part(setup, result));
    }

    /** It was ended before all setups had their turn. */
    void stop(Reach.Cause cause, long at) {
        stopped = new Reach(cause, at);
    }

    long states() {
        return parts.stream().mapToLong(part -> part.result().counts().states()).sum();
    }

    double seconds() {
        return parts.stream().mapToDouble(part -> part.result().counts().seconds()).sum();
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    /** From how many setups there were searches. */
    int size() {
        return parts.size();
    }

    Setup first() {
        return parts.getFirst().setup();
    }

    /** How many conditions there are. */
    int conditions() {
        return parts.getFirst().result().verdicts().size();
    }

    Reach reach() {
        return stopped != null ? stopped
                : parts.stream().map(part -> part.result().reach()).filter(reach -> !reach.complete()).findFirst().orElse(parts.getFirst().result().reach());
    }

    private List<Verdict> verdicts(int condition) {
        return parts.stream().map(part -> part.result().verdicts().get(condition)).toList();
    }

    String written(int condition) {
        return verdicts(condition).getFirst().condition().written();
    }

    /** Whether a condition holds: a claim from every setup, {@code exists} from one. */
    Verdict.Holds holds(int condition) {
        boolean exists = verdicts(condition).getFirst().condition().quantifier() == Quantifier.EXISTS;
        Verdict.Holds strong = exists ? Verdict.Holds.YES : Verdict.Holds.NO;
        List<Verdict.Holds> all = verdicts(condition).stream().map(Verdict::holds).toList();
        if (all.contains(strong)) {
            return strong;
        }
        return all.contains(Verdict.Holds.UNKNOWN) || !reach().complete() ? Verdict.Holds.UNKNOWN : all.getFirst();
    }

    /** The part that answers: the shortest witness, the largest or smallest value; null where there is nothing to show. */
    private Part best(int condition) {
        Part best = null;
        for (Part part : parts) {
            Verdict verdict = part.result().verdicts().get(condition);
            if (verdict.witness() != null && (best == null || better(verdict, best.result().verdicts().get(condition)))) {
                best = part;
            }
        }
        return best;
    }

    private static boolean better(Verdict verdict, Verdict than) {
        return switch (verdict.condition().quantifier()) {
            case MAXIMUM -> Long.compare(verdict.value(), than.value()) > 0;
            case MINIMUM -> Long.compare(verdict.value(), than.value()) < 0;
            case FORBID, ALWAYS, EXPECT, EXISTS -> verdict.witness().choices().size() < than.witness().choices().size();
        };
    }

    /** A run that shows what is to be said of a condition, or null. */
    Shown shown(int condition) {
        Part best = best(condition);
        return best == null ? null : new Shown(best.setup(), best.result().verdicts().get(condition).witness().choices());
    }

    /** Its verdict. */
    Event.Verdict event(String scenario, int condition) {
        if (parts.size() == 1 && stopped == null && parts.getFirst().setup().taken().isEmpty()) {
            return verdicts(condition).getFirst().event(scenario, parts.getFirst().result());
        }
        long happened = verdicts(condition).stream().mapToLong(Verdict::happened).sum();
        long among = verdicts(condition).stream().mapToLong(Verdict::ends).sum();
        boolean measures = verdicts(condition).getFirst().condition().quantifier().measures();
        Part best = best(condition);
        boolean always = measures ? best != null : happened > 0 && happened == among;
        Verdict.Often often = always ? Verdict.Often.ALWAYS : happened == 0 || measures ? Verdict.Often.NEVER : Verdict.Often.SOMETIMES;
        Verdict shown = best == null ? null : best.result().verdicts().get(condition);
        return new Event.Verdict(scenario, written(condition), often.word(), holds(condition) == Verdict.Holds.YES, reach().complete(), reach().where(),
                states(), sum(Counts::transitions), sum(Counts::ends), happened, seconds(), collisions(), sum(Counts::bytes),
                shown == null ? null : best.setup().with(shown.witness().token().text()), shown == null ? null : shown.value());
    }

    private long sum(java.util.function.ToLongFunction<Counts> what) {
        return parts.stream().mapToLong(part -> what.applyAsLong(part.result().counts())).sum();
    }

    private double collisions() {
        return parts.stream().mapToDouble(part -> part.result().counts().collisions()).sum();
    }
}
