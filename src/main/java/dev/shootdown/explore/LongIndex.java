package dev.shootdown.explore;

/** Numbers from 0 on by key, with open addressing; a key of 0 is taken for 1. */
final class LongIndex {
    /** Places and numbers differ in few bits: multiplied by this (2^64 by the golden ratio) they differ in many. */
    private static final long SPREAD = 0x9e3779b97f4a7c15L;

    private long[] keys = new long[256];
    private int[] values = new int[256];
    private int size;

    /** The number of a key, or -1. */
    int get(long key) {
        int slot = slotOf(key == 0 ? 1 : key);
        return keys[slot] == 0 ? -1 : values[slot];
    }

    void put(long key, int value) {
        int slot = slotOf(key == 0 ? 1 : key);
        if (keys[slot] == 0) {
            size++;
        }
        keys[slot] = key == 0 ? 1 : key;
        values[slot] = value;
        if (2 * size > keys.length) {
            enlarge();
        }
    }

    private int slotOf(long key) {
        int mask = keys.length - 1;
        int slot = (int) (key * SPREAD >>> Integer.SIZE) & mask;
        while (keys[slot] != 0 && keys[slot] != key) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void enlarge() {
        long[] oldKeys = keys;
        int[] oldValues = values;
        keys = new long[2 * oldKeys.length];
        values = new int[keys.length];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                int slot = slotOf(oldKeys[i]);
                keys[slot] = oldKeys[i];
                values[slot] = oldValues[i];
            }
        }
    }

    long bytes() {
        return (long) keys.length * (Long.BYTES + Integer.BYTES);
    }
}
