package dev.shootdown.explore;

import dev.shootdown.sim.Choice;
import java.util.Arrays;
import java.util.List;

/** What a search has seen of each condition: how often it happened, and a run that shows it. */
final class Tally {
    private final List<Condition> conditions;
    private final long[] happened;
    private final long[] values;
    private final Example[] examples;
    private long ends;
    /** The conditions with an example, questions aside. */
    private long shown;

    /**
     * A run, not the shortest one, that shows a condition.
     *
     * @param choices from the beginning of the race
     * @param cycle   where it shows only because the run comes back to where it was: the states that it goes round by; else null
     */
    record Example(List<Choice> choices, long[] cycle) {}

    Tally(List<Condition> conditions) {
        this.conditions = conditions;
        this.happened = new long[conditions.size()];
        this.values = new long[conditions.size()];
        this.examples = new Example[conditions.size()];
    }

    /** Forgets everything. */
    void clear() {
        Arrays.fill(happened, 0);
        Arrays.fill(examples, null);
        ends = 0;
        shown = 0;
    }

    /** Those of these conditions that have no example yet. */
    long fresh(long conditions) {
        return conditions & ~shown;
    }

    void example(long fresh, Example example) {
        for (long rest = fresh; rest != 0; rest &= rest - 1) {
            examples[Long.numberOfTrailingZeros(rest)] = example;
        }
        shown |= fresh;
    }

    /** Counts a distinct end at which these conditions happened. */
    void end(long these) {
        ends++;
        for (long rest = these; rest != 0; rest &= rest - 1) {
            happened[Long.numberOfTrailingZeros(rest)]++;
        }
    }

    /** Takes over what another search has seen, of other ends. */
    void add(Tally other) {
        ends += other.ends;
        for (int i = 0; i < happened.length; i++) {
            happened[i] += other.happened[i];
            if (other.examples[i] == null) {
                continue;
            }
            if (conditions.get(i).quantifier().measures()) {
                if (better(i, other.values[i])) {
                    value(i, other.values[i], other.examples[i]);
                }
            } else if (examples[i] == null) {
                example(1L << i, other.examples[i]);
            }
        }
    }

    /** Whether a question's value at an end is better than all before. */
    boolean better(int i, long value) {
        if (examples[i] == null) {
            return true;
        }
        return conditions.get(i).quantifier() == Quantifier.MAXIMUM ? value > values[i] : value < values[i];
    }

    void value(int i, long value, Example example) {
        values[i] = value;
        examples[i] = example;
    }

    long ends() {
        return ends;
    }

    long happened(int i) {
        return happened[i];
    }

    /** A run that shows the condition, or has the value; null if there is none. */
    Example example(int i) {
        return examples[i];
    }

    /** The best value of a question; means something where there is an example. */
    long value(int i) {
        return values[i];
    }
}
