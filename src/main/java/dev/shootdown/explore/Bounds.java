package dev.shootdown.explore;

/**
 * How far a search may go. A bound that was reached is said in the verdict.
 *
 * @param states      how many states to visit
 * @param seconds     how long to search
 * @param memory      how many bytes the visited states may fill
 * @param depth       how many steps a run may have
 * @param preemptions how often an actor may be interrupted that could go on
 */
public record Bounds(long states, double seconds, long memory, int depth, int preemptions) {
    /** Nothing but memory: the visited states may fill seven tenths of the heap. */
    public static Bounds none() {
        long memory = Runtime.getRuntime().maxMemory() / 10 * 7;
        return new Bounds(Long.MAX_VALUE, Double.POSITIVE_INFINITY, memory, Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    public Bounds states(long limit) {
        return new Bounds(limit, seconds, memory, depth, preemptions);
    }

    public Bounds seconds(double limit) {
        return new Bounds(states, limit, memory, depth, preemptions);
    }

    public Bounds memory(long bytes) {
        return new Bounds(states, seconds, bytes, depth, preemptions);
    }

    public Bounds depth(int steps) {
        return new Bounds(states, seconds, memory, steps, preemptions);
    }

    public Bounds preemptions(int limit) {
        return new Bounds(states, seconds, memory, depth, limit);
    }

    boolean boundsPreemptions() {
        return preemptions != Integer.MAX_VALUE;
    }
}
