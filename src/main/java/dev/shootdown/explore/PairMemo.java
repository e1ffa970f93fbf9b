package dev.shootdown.explore;

import dev.shootdown.sim.Hash;

/** Remembers what came of two numbers, as long as there is room: what falls out is computed anew. It grows with what it misses. */
final class PairMemo {
    private static final int LARGEST = 1 << 22;

    /** Key and value side by side, since what is looked for mostly lies far from all that was looked for before. */
    private long[] slots = new long[1 << 11];
    private int misses;

    /** @return -1 if it is not known (any more) */
    int get(int a, int b) {
        long key = key(a, b);
        int slot = slot(key);
        return slots[slot] == key ? (int) slots[slot + 1] : -1;
    }

    void put(int a, int b, int value) {
        if (++misses > slots.length / 2 && slots.length < 2 * LARGEST) {
            enlarge();
        }
        long key = key(a, b);
        int slot = slot(key);
        slots[slot] = key;
        slots[slot + 1] = value;
    }

    /** Never 0, as numbers are at least 0. */
    private static long key(int a, int b) {
        return (long) (a + 1) << Integer.SIZE | b + 1;
    }

    private int slot(long key) {
        return (int) Hash.mix(key) & slots.length - 2;
    }

    private void enlarge() {
        long[] old = slots;
        slots = new long[4 * old.length];
        for (int i = 0; i < old.length; i += 2) {
            if (old[i] != 0) {
                int slot = slot(old[i]);
                slots[slot] = old[i];
                slots[slot + 1] = old[i + 1];
            }
        }
        misses = 0;
    }

    long bytes() {
        return (long) slots.length * Long.BYTES;
    }
}
