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
        STATES("state", ""), TIME("second", ""), MEMORY("byte", ""), DEPTH("step", " deep"), PREEMPTIONS("preemption", ""),
        INTERRUPTED("state", ", interrupted");

        private final String unit;
        private final String how;

        Cause(String unit, String how) {
            this.unit = unit;
            this.how = how;
        }
    }

    static final Reach COMPLETE = new Reach(null, 0);

    public boolean complete() {
        return stopped == null;
    }

    /** Where it was ended, with a unit; null where all was searched. */
    public String where() {
        return complete() ? null : at + " " + stopped.unit + (at == 1 ? "" : "s") + stopped.how;
    }

    /** As a verdict says it. */
    public String text() {
        return complete() ? "complete" : "stopped at " + where() + ", not a proof";
    }
}
