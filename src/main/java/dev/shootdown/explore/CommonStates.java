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
    /** By state: the {@link Blocks} of what its variables differ by from where the race begins. */
    private int[][] parts = new int[1024][];
    private final Blocks blocks = new Blocks();
    private long[] keys = new long[1024];
    private int[] reached = new int[1024];
    private int[] pending = new int[1024];
    private int[] depths = new int[1024];
    private int count;
    private long ints;
    private final LongIndex byKey = new LongIndex();

    CommonStates(Layout layout) {
        this.layout = layout;
        this.variables = layout.variables();
        add(new int[0], 0, 0);
    }

    private int add(int[] all, long key, int depth) {
        if (count == parts.length) {
            parts = Arrays.copyOf(parts, 2 * count);
            keys = Arrays.copyOf(keys, 2 * count);
            reached = Arrays.copyOf(reached, 2 * count);
            pending = Arrays.copyOf(pending, 2 * count);
            depths = Arrays.copyOf(depths, 2 * count);
        }
        parts[count] = all;
        keys[count] = key;
        depths[count] = depth;
        ints += all.length + 12;
        byKey.put(Hash.mix(key + 1), count);
        return count++;
    }

    private long value(int state, int index) {
        int part = index >>> Blocks.BITS;
        long by = part < parts[state].length ? blocks.value(parts[state][part], index & Blocks.LENGTH - 1) : 0;
        return variables.first(layout.common(index)) + by;
    }

    /** Puts the machine, which stands where the race begins, into a state, but for what factors hold. */
    void stand(int state) {
        int[] all = parts[state];
        for (int part = 0; part < all.length; part++) {
            for (int i = 0; all[part] != 0 && i < Blocks.LENGTH; i++) {
                long by = blocks.value(all[part], i);
                if (by != 0) {
                    int variable = layout.common(part << Blocks.BITS | i);
                    variables.put(variable, variables.first(variable) + by);
                }
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
        return add(changed(state, change), key, depths[state] + 1);
    }

    /** The state that differs from another in that these variables are as they are in the machine now. */
    int as(int state, int[] common) {
        return behind(state, Change.of(common, variables));
    }

    private int[] changed(int state, Change change) {
        int[] all = Arrays.copyOf(parts[state], (layout.commonCount() - 1 >>> Blocks.BITS) + 1);
        for (int i = 0; i < change.count(); i++) {
            int index = layout.index(change.variable(i));
            long[] block = blocks.copy(all[index >>> Blocks.BITS]);
            block[index & Blocks.LENGTH - 1] = change.value(i, value(state, index)) - variables.first(change.variable(i));
            all[index >>> Blocks.BITS] = blocks.number(block);
        }
        return all;
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
        return ints * Integer.BYTES + byKey.bytes() + blocks.bytes();
    }
}
