package dev.shootdown.notifier;

import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import java.util.List;

/**
 * Who is told of changes to an address space: a struct mmu_notifier with its operations. Subscribers are records,
 * so that a cell can hold them.
 */
public interface Subscriber {
    /** The driver's name, for the trace. */
    String driver();

    /** Whether the driver has this callback. */
    boolean has(CallbackName name);

    /** The first byte that an interval subscription is about: struct mmu_interval_notifier, interval_tree. */
    default long start() {
        return 0;
    }

    /** The end of what an interval subscription is about; all ones is the end of everything. */
    default long end() {
        return -1;
    }

    /** Tells interval subscriptions of one address space apart: below 65536. */
    default int number() {
        return 0;
    }

    /**
     * What the calling actor does for a callback, step by step; may be empty.
     *
     * @param turn      of the actor that calls
     * @param mm        the address space's number
     * @param start     of the range in bytes; callbacks that take an address get its page
     * @param end       exclusive; all ones is the end of everything
     * @param blockable whether these steps may wait; if not, a step may refuse with EAGAIN as the actor's result
     */
    List<Step> on(Turn turn, CallbackName name, int mm, long start, long end, boolean blockable);
}
