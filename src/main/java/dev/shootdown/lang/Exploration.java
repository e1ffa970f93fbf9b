package dev.shootdown.lang;

import java.util.List;

/**
 * What to explore of a script, and within which bounds; null where there is none.
 *
 * @param scenario the one to explore; null for all
 * @param states   how many states to visit
 * @param seconds  how long to search
 * @param memory   how many bytes to fill
 * @param depth    how many steps a run may have
 * @param preempt  how often an actor may be interrupted that could go on
 * @param seed     of the search order
 * @param threads  how many search at once
 * @param kernels  versions to explore in turn; empty for the script's own
 * @param drivers  likewise
 * @param vendors  likewise
 * @param plain    without reduction
 * @param singly  without taking a step from many states at once
 * @param why      whether to list what the reduction met: which step touches what some other actor may touch later
 * @param replay   the token of a witness to run again instead of searching
 */
public record Exploration(String scenario, Long states, Double seconds, Long memory, Integer depth, Integer preempt, Long seed,
        Integer threads, List<String> kernels, List<String> drivers, List<String> vendors, boolean plain, boolean singly, boolean why,
        String replay) {
    public Exploration {
        kernels = List.copyOf(kernels);
        drivers = List.copyOf(drivers);
        vendors = List.copyOf(vendors);
    }

    /** The same, with so many threads. */
    public Exploration threads(int number) {
        return new Exploration(scenario, states, seconds, memory, depth, preempt, seed, number, kernels, drivers, vendors, plain, singly, why, replay);
    }

    /** Everything in a script, without bounds. */
    public static Exploration everything() {
        return new Exploration(null, null, null, null, null, null, null, null, List.of(), List.of(), List.of(), false, false, false, null);
    }
}
