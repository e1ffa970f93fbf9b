package dev.shootdown.explore;

/**
 * The states that a reduced search has seen, by key, each with the number of its summary: twelve bytes a slot, in
 * many small tables as those of {@link Visited}.
 */
final class SummaryTable {
    /** The state was never met. */
    static final int UNKNOWN = 0;
    /** The search has not left the state yet. */
    static final int OPEN = 1;

    private static final int TABLE_BITS = 8;
    private static final int TABLES = 1 << TABLE_BITS;
    private static final int SMALLEST = 32;
    private static final int SLOT_BYTES = Long.BYTES + Integer.BYTES;
    private static final int FIRST = 2;

    private final long[][] keys = new long[TABLES][];
    private final int[][] values = new int[TABLES][];
    private final int[] counts = new int[TABLES];
    private long size;
    private long bytes;

    SummaryTable() {
        for (int i = 0; i < TABLES; i++) {
            allocate(i, SMALLEST + SMALLEST * i / (2 * TABLES));
        }
    }

    /** A state is known by a key other than 0. {@link #UNKNOWN}, {@link #OPEN}, or a summary's number and 2. */
    int get(long key) {
        int number = number(key);
        return values[number][slot(number, key)];
    }

    /** A state that is met for the first time. */
    void open(long key) {
        int number = number(key);
        put(number, key, OPEN);
        size++;
        if (++counts[number] > keys[number].length / 5 * 4) {
            grow(number);
        }
    }

    void close(long key, int summary) {
        put(number(key), key, FIRST + summary);
    }

    static int summary(int value) {
        return value - FIRST;
    }

    private void put(int number, long key, int value) {
        int slot = slot(number, key);
        keys[number][slot] = key;
        values[number][slot] = value;
    }

    private static int number(long key) {
        return (int) (key >>> (Long.SIZE - TABLE_BITS));
    }

    private int slot(int number, long key) {
        long[] table = keys[number];
        int slot = (int) Math.unsignedMultiplyHigh(key << TABLE_BITS, table.length);
        while (table[slot] != 0 && table[slot] != key) {
            slot = slot + 1 == table.length ? 0 : slot + 1;
        }
        return slot;
    }

    private void allocate(int number, int length) {
        keys[number] = new long[length];
        values[number] = new int[length];
        bytes += (long) length * SLOT_BYTES;
    }

    private void grow(int number) {
        long[] oldKeys = keys[number];
        int[] oldValues = values[number];
        bytes -= (long) oldKeys.length * SLOT_BYTES;
        allocate(number, oldKeys.length + oldKeys.length / 2);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != UNKNOWN) {
                put(number, oldKeys[i], oldValues[i]);
            }
        }
    }

    long size() {
        return size;
    }

    long bytes() {
        return bytes;
    }
}
