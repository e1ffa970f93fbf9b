package dev.shootdown.sim;

import java.util.Arrays;

/**
 * The places that a step read and wrote. Two steps of different actors of which neither writes what the other
 * reads or writes commute: that is all that partial-order reduction needs to know.
 */
public final class Footprint {
    private long[] reads = new long[32];
    private long[] writes = new long[16];
    private int readCount;
    private int writeCount;

    public void clear() {
        readCount = 0;
        writeCount = 0;
    }

    void read(long place) {
        if (!contains(reads, readCount, place)) {
            reads = room(reads, readCount);
            reads[readCount++] = place;
        }
    }

    void write(long place) {
        if (!contains(writes, writeCount, place)) {
            writes = room(writes, writeCount);
            writes[writeCount++] = place;
        }
    }

    /** Places read; a place written too may be missing. */
    public long[] reads() {
        return Arrays.copyOf(reads, readCount);
    }

    public long[] writes() {
        return Arrays.copyOf(writes, writeCount);
    }

    public boolean conflicts(Footprint other) {
        return meets(writes, writeCount, other.writes, other.writeCount)
                || meets(writes, writeCount, other.reads, other.readCount)
                || meets(reads, readCount, other.writes, other.writeCount);
    }

    private static boolean meets(long[] a, int n, long[] b, int m) {
        for (int i = 0; i < n; i++) {
            if (contains(b, m, a[i])) {
                return true;
            }
        }
        return false;
    }

    /** Footprints are a dozen places long: a scan beats a set. */
    private static boolean contains(long[] places, int count, long place) {
        for (int i = count - 1; i >= 0; i--) {
            if (places[i] == place) {
                return true;
            }
        }
        return false;
    }

    private static long[] room(long[] places, int count) {
        return count < places.length ? places : Arrays.copyOf(places, 2 * count);
    }
}
