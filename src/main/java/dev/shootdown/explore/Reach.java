package dev.shootdown.explore;

/**
 * How much of the space a search has covered.
 *
 * @param stopped what ended it before its time; null where all was searched
 * @param at      where: the number of states, steps, preemptions, bytes or seconds
 */
public record Reach(Cause stopped, long at) {
    /** What may end a search before its time. */
    public enum Cause {
        STATES("states"), TIME("seconds"), MEMORY("bytes"), DEPTH("steps deep"), PREEMPTIONS("preemptions"), INTERRUPTED("states, interrupted");

        private final String unit;

        Cause(String unit) {
            this.unit = unit;
        }
    }

    static final Reach COMPLETE = new Reach(null, 0);

    public boolean complete() {
        return stopped == null;
    }

    /** As a verdict says it. */
    public String text() {
        return complete() ? "complete" : "stopped at " + at + " " + stopped.unit + ", not a proof";
    }
}
