package dev.shootdown.explore;

import java.util.Arrays;

/**
 * A set of places read and of places written, as bits by the places' numbers in {@link PlaceSets}.
 *
 * @param reads     read only
 * @param writes    written
 * @param stretches read as a whole: from, to, from, to ..., as places
 */
record Places(long[] reads, long[] writes, long[] stretches) {
    static final Places NONE = new Places(new long[0], new long[0], new long[0]);

    Places with(Places other) {
        long[] allWrites = or(writes, other.writes);
        long[] allReads = or(reads, other.reads);
        for (int i = 0; i < Math.min(allReads.length, allWrites.length); i++) {
            allReads[i] &= ~allWrites[i];
        }
        return new Places(trimmed(allReads), allWrites, joined(other.stretches));
    }

    private static long[] or(long[] a, long[] b) {
        long[] all = Arrays.copyOf(a.length >= b.length ? a : b, Math.max(a.length, b.length));
        long[] less = a.length >= b.length ? b : a;
        for (int i = 0; i < less.length; i++) {
            all[i] |= less[i];
        }
        return all;
    }

    /** Without zeros at the end, so that equal sets are equal arrays. */
    private static long[] trimmed(long[] bits) {
        int length = bits.length;
        while (length > 0 && bits[length - 1] == 0) {
            length--;
        }
        return length == bits.length ? bits : Arrays.copyOf(bits, length);
    }

    private long[] joined(long[] more) {
        long[] all = Arrays.copyOf(stretches, stretches.length + more.length);
        int count = stretches.length;
        for (int i = 0; i < more.length; i += 2) {
            if (!holds(more[i], more[i + 1])) {
                all[count++] = more[i];
                all[count++] = more[i + 1];
            }
        }
        return Arrays.copyOf(all, count);
    }

    private boolean holds(long from, long to) {
        for (int i = 0; i < stretches.length; i += 2) {
            if (stretches[i] == from && stretches[i + 1] == to) {
                return true;
            }
        }
        return false;
    }

    boolean same(Places other) {
        return Arrays.equals(reads, other.reads) && Arrays.equals(writes, other.writes) && Arrays.equals(stretches, other.stretches);
    }

    /** The number of a place that both have; -1 if there is none. */
    static int common(long[] a, long[] b) {
        for (int i = 0; i < Math.min(a.length, b.length); i++) {
            if ((a[i] & b[i]) != 0) {
                return i * Long.SIZE + Long.numberOfTrailingZeros(a[i] & b[i]);
            }
        }
        return -1;
    }

    long bytes() {
        return 100L + Long.BYTES * (reads.length + writes.length + stretches.length);
    }
}
