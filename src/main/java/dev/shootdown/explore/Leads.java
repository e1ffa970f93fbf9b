package dev.shootdown.explore;

import dev.shootdown.sim.Hash;
import dev.shootdown.sim.Step;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Which kinds of steps are best tried first in a state: those after which others seldom had to be tried too, when
 * the same actors were ready. Learnt on the way. Any choice is sound, and equal searches learn the same.
 */
final class Leads {
    private final Map<Class<?>, Integer> kinds = new HashMap<>();
    private final LongIndex scores = new LongIndex();
    private long[] tried = new long[256];
    private long[] added = new long[256];
    private int count;

    private int score(Step step, long ready) {
        Integer kind = kinds.get(step.getClass());
        if (kind == null) {
            kind = kinds.size();
            kinds.put(step.getClass(), kind);
        }
        long key = Hash.mix(kind, ready);
        int known = scores.get(key);
        if (known >= 0) {
            return known;
        }
        if (count == tried.length) {
            tried = Arrays.copyOf(tried, 2 * count);
            added = Arrays.copyOf(added, 2 * count);
        }
        scores.put(key, count);
        return count++;
    }

    /** How many others have to be tried too where this step is tried first, about. */
    double rate(Step step, long ready) {
        int score = score(step, ready);
        return (added[score] + 1.0) / (tried[score] + 2.0);
    }

    void learn(Step first, long ready, int others) {
        int score = score(first, ready);
        tried[score]++;
        added[score] += others;
    }
}
