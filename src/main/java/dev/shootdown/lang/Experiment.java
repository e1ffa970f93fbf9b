package dev.shootdown.lang;

import java.util.List;

/**
 * Which mutants to try on a script, and how far to search for each; null where there is no bound.
 *
 * @param scenario the one to try them on; null for all
 * @param states   how many states to visit for one mutant of one scenario; null for a good many more than unmutated
 * @param seconds  how long to search for one mutant of one scenario
 * @param threads  how many mutants to try at once; null for as many as there are processors
 * @param only     the mutants to try, by name; empty for all
 */
public record Experiment(String scenario, Long states, Double seconds, Integer threads, List<String> only) {
    public Experiment {
        only = List.copyOf(only);
    }

    /** Every mutant of everything in a script. */
    public static Experiment everything() {
        return new Experiment(null, null, null, null, List.of());
    }
}
