package dev.shootdown.explore;

/**
 * What a search has done so far, or in all. One that takes steps from many states at once counts no cycles, and of a run only the
 * steps that change what is common to all actors.
 *
 * @param states      distinct states visited
 * @param kept        the fingerprints that were kept to tell them apart, most of all of one kind
 * @param transitions steps taken, those to states known already included
 * @param ends        distinct states in which nobody can move
 * @param cycles      steps that led back to a state of the same run
 * @param depth       the longest run, in steps
 * @param bytes       what the visited states fill
 * @param seconds     how long it took
 * @param share       how much of the whole this may be, from 0 to 1: of a search that goes deep, the part of the first ways that it has
 *                    been through; NaN where nobody can say
 */
public record Counts(long states, long kept, long transitions, long ends, long cycles, int depth, long bytes, double seconds, double share) {
    private static final double FINGERPRINTS = 0x1p64;

    Counts(long states, long kept, long transitions, long ends, long cycles, int depth, long bytes, double seconds) {
        this(states, kept, transitions, ends, cycles, depth, bytes, seconds, Double.NaN);
    }

    /** How many states may be expected to have been taken for another, their 64-bit fingerprints being equal. */
    public double collisions() {
        return (double) kept * kept / (2 * FINGERPRINTS);
    }

    public double bytesPerState() {
        return states == 0 ? 0 : (double) bytes / states;
    }

    public double statesPerSecond() {
        return seconds == 0 ? 0 : states / seconds;
    }
}
