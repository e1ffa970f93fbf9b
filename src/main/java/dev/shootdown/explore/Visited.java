package dev.shootdown.explore;

import java.util.Arrays;

/**
 * The set of states that a search has seen, by fingerprint: eight bytes a slot, with open addressing, in many
 * small tables that grow one by one, each by half, so that growing needs little more room and takes no pause.
 * The tables' first lengths are spread over one such step: in all, seven tenths of the slots are full at any time.
 */
final class Visited {
    private static final int TABLE_BITS = 5;
    private static final int TABLES = 1 << TABLE_BITS;
    private static final int SMALLEST = 64;
    /** An empty slot; a fingerprint of this value is taken for {@link #INSTEAD}. */
    private static final long EMPTY = 0;
    private static final long INSTEAD = 1;

    private final long[][] tables = new long[TABLES][];
    private final int[] counts = new int[TABLES];
    private final long limit;
    private long size;
    private volatile boolean full;
    /** One a table where several threads search; otherwise null. */
    private Object[] locks;

    /** @param limit how many bytes it may fill */
    Visited(long limit) {
        this.limit = limit;
        for (int i = 0; i < TABLES; i++) {
            tables[i] = new long[SMALLEST + SMALLEST * i / (2 * TABLES)];
        }
    }

    /** From now on several threads add to it. */
    Visited shared() {
        locks = new Object[TABLES];
        Arrays.setAll(locks, i -> new Object());
        return this;
    }

    /** Adds a state; returns whether it is new. */
    boolean add(long fingerprint) {
        long key = fingerprint == EMPTY ? INSTEAD : fingerprint;
        int number = (int) (key >>> (Long.SIZE - TABLE_BITS));
        if (locks == null) {
            return add(number, key);
        }
        synchronized (locks[number]) {
            return add(number, key);
        }
    }

    /**
     * What lies where a state is looked for first. It says nothing, but who glances at several states waits for memory once, and
     * finds them near when it asks for them.
     */
    long glance(long fingerprint) {
        long[] table = tables[(int) (fingerprint >>> (Long.SIZE - TABLE_BITS))];
        return table[slot(fingerprint, table.length)];
    }

    /** Whether it has a state. Where several threads add, it may not know yet. */
    boolean has(long fingerprint) {
        long key = fingerprint == EMPTY ? INSTEAD : fingerprint;
        long[] table = tables[(int) (key >>> (Long.SIZE - TABLE_BITS))];
        int slot = slot(key, table.length);
        for (long there = table[slot]; there != EMPTY; there = table[slot]) {
            if (there == key) {
                return true;
            }
            slot = slot + 1 == table.length ? 0 : slot + 1;
        }
        return false;
    }

    private boolean add(int number, long key) {
        long[] table = tables[number];
        int slot = slot(key, table.length);
        for (long there = table[slot]; there != EMPTY; there = table[slot]) {
            if (there == key) {
                return false;
            }
            slot = slot + 1 == table.length ? 0 : slot + 1;
        }
        table[slot] = key;
        size += locks == null ? 1 : 0;
        if (++counts[number] > table.length / 5 * 4) {
            grow(number);
        }
        return true;
    }

    /** In the order of the keys, so that growing writes in order too. */
    private static int slot(long key, int length) {
        return (int) Math.unsignedMultiplyHigh(key << TABLE_BITS, length);
    }

    private void grow(int number) {
        long[] old = tables[number];
        int length = old.length + old.length / 2;
        if (bytes() + (long) (length - old.length) * Long.BYTES > limit) {
            full = true;
            length = counts[number] + 1 < old.length ? old.length : length;
        }
        if (length != old.length) {
            long[] next = new long[length];
            for (long key : old) {
                if (key != EMPTY) {
                    int slot = slot(key, length);
                    while (next[slot] != EMPTY) {
                        slot = slot + 1 == length ? 0 : slot + 1;
                    }
                    next[slot] = key;
                }
            }
            tables[number] = next;
        }
    }

    /** All of them, in order. */
    long[] sorted() {
        return Arrays.stream(tables).flatMapToLong(Arrays::stream).filter(key -> key != EMPTY).sorted().toArray();
    }

    long size() {
        return locks == null ? size : Arrays.stream(counts).asLongStream().sum();
    }

    long bytes() {
        long bytes = 0;
        for (long[] table : tables) {
            bytes += (long) table.length * Long.BYTES;
        }
        return bytes;
    }

    /** Whether it would need more bytes than it may fill; it takes some more states all the same. */
    boolean full() {
        return full;
    }

    /** Forgets everything. */
    void clear() {
        for (long[] table : tables) {
            Arrays.fill(table, EMPTY);
        }
        Arrays.fill(counts, 0);
        size = 0;
        full = false;
    }
}
