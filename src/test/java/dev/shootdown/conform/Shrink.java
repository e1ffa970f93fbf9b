package dev.shootdown.conform;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Delta debugging: what of a list is enough to fail (Zeller and Hildebrandt, Simplifying and Isolating Failure-Inducing Input, 2002). */
final class Shrink {
    private Shrink() {}

    /**
     * Leaves out ever smaller parts of a list, as long as what is left still fails.
     *
     * @param failing a list that fails
     * @param fails   whether a list does
     * @param most    lists that are tried at most
     * @return a list that fails, and of which no element could be left out unless the trials came to their end before
     */
    static <T> List<T> of(List<T> failing, Predicate<List<T>> fails, int most) {
        List<T> least = failing;
        int trials = 0;
        int size = Math.max(1, failing.size() / 2);
        while (size >= 1 && trials < most) {
            boolean shorter = false;
            int from = 0;
            while (from < least.size() && trials < most) {
                List<T> without = without(least, from, Math.min(from + size, least.size()));
                trials++;
                if (!without.isEmpty() && fails.test(without)) {
                    least = without;
                    shorter = true;
                } else {
                    from += size;
                }
            }
            size = shorter && size == 1 ? 1 : size / 2;
        }
        return least;
    }

    private static <T> List<T> without(List<T> all, int from, int to) {
        List<T> rest = new ArrayList<>(all.subList(0, from));
        rest.addAll(all.subList(to, all.size()));
        return rest;
    }
}
