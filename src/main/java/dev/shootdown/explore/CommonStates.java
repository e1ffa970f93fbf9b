package dev.shootdown.explore;

import dev.shootdown.sim.Hash;
import java.util.Arrays;

/**
 * The values that what is common was seen to have, each combination with a number; and with each the set of what the factors were
 * at the same time, as {@link Tuples}: all of it, and that which has still to be gone on from.
 */
final class CommonStates {
    private final Layout layout;
    private final Variables variables;
    private long[][] values = new long[1024][];
    private long[] keys = new long[1024];
    private int[] reached = new int[1024];
    private int[] pending = new int[1024];
    private int[] depths = new int[1024];
    private int count;
    private long words;
    private final LongIndex byKey = new LongIndex();

    CommonStates(Layout layout) {
        this.layout = layout;
        this.variables = layout.variables();
        add(new long[0], 0, 0);
    }

    private int add(long[] all, long key, int depth) {
        if (count == values.length) {
            values = Arrays.copyOf(values, 2 * count);
            keys = Arrays.copyOf(keys, 2 * count);
            reached = Arrays.copyOf(reached, 2 * count);
            pending = Arrays.copyOf(pending, 2 * count);
            depths = Arrays.copyOf(depths, 2 * count);
        }
        values[count] = all;
        keys[count] = key;
        depths[count] = depth;
        words += all.length + 5;
        byKey.put(Hash.mix(key + 1), count);
        return count++;
    }

    private long value(int state, int index) {
        long[] all = values[state];
        return index < all.length ? all[index] : variables.first(layout.common(index));
    }

    /** Puts the machine, which stands where the race begins, into a state, but for what factors hold. */
    void stand(int state) {
        long[] all = values[state];
        for (int i = 0; i < all.length; i++) {
            int variable = layout.common(i);
            if (all[i] != variables.first(variable)) {
                variables.put(variable, all[i]);
            }
        }
    }

    /** The state behind a change. */
    int behind(int state, Change change) {
        long key = keys[state];
        boolean same = true;
        for (int i = 0; i < change.count(); i++) {
            long old = value(state, layout.index(change.variable(i)));
            long next = change.value(i, old);
            same &= old == next;
            key ^= variables.term(change.variable(i), old) ^ variables.term(change.variable(i), next);
        }
        int known = same ? state : byKey.get(Hash.mix(key + 1));
        if (known >= 0) {
            return known;
        }
        long[] all = new long[layout.commonCount()];
        for (int i = 0; i < all.length; i++) {
            all[i] = value(state, i);
        }
        for (int i = 0; i < change.count(); i++) {
            int index = layout.index(change.variable(i));
            all[index] = change.value(i, all[index]);
        }
        return add(all, key, depths[state] + 1);
    }

    int count() {
        return count;
    }

    /** How many steps that changed what is common led there first. */
    int depth(int state) {
        return depths[state];
    }

    int reached(int state) {
        return reached[state];
    }

    int pending(int state) {
        return pending[state];
    }

    void set(int state, int all, int open) {
        reached[state] = all;
        pending[state] = open;
    }

    long bytes() {
        return words * Long.BYTES + byKey.bytes();
    }
}
