package dev.shootdown.explore;

import dev.shootdown.sim.Hash;

/** Remembers what came of two numbers, as long as there is room: what falls out is computed anew. It grows with what it misses. */
final class PairMemo {
    private static final int LARGEST = 1 << 22;

    private long[] keys = new long[1 << 10];
    private int[] values = new int[1 << 10];
    private int misses;

    /** @return -1 if it is not known (any more) */
    int get(int a, int b) {
        long key = key(a, b);
        int slot = slot(key);
        return keys[slot] == key ? values[slot] : -1;
    }

    void put(int a, int b, int value) {
        if (++misses > keys.length && keys.length < LARGEST) {
            enlarge();
        }
        long key = key(a, b);
        int slot = slot(key);
        keys[slot] = key;
        values[slot] = value;
    }

    /** Never 0, as numbers are at least 0. */
    private static long key(int a, int b) {
        return (long) (a + 1) << Integer.SIZE | b + 1;
    }

    private int slot(long key) {
        return (int) Hash.mix(key) & (keys.length - 1);
    }

    private void enlarge() {
        long[] oldKeys = keys;
        int[] oldValues = values;
        keys = new long[4 * oldKeys.length];
        values = new int[keys.length];
        for (int i = 0; i < oldKeys.length; i++) {
            int slot = slot(oldKeys[i]);
            keys[slot] = oldKeys[i];
            values[slot] = oldValues[i];
        }
        misses = 0;
    }

    long bytes() {
        return (long) keys.length * (Long.BYTES + Integer.BYTES);
    }
}
