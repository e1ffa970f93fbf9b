package dev.shootdown.sim;

import java.util.Arrays;

/**
 * The places that a step read and wrote. Two steps of different actors of which neither writes what the other
 * reads or writes commute: that is all that partial-order reduction needs to know.
 */
public final class Footprint {
    private long[] reads = new long[32];
    private long[] writes = new long[16];
    /** Stretches read as a whole: from, to, from, to ... */
    private long[] stretches = new long[8];
    private int readCount;
    private int writeCount;
    private int stretchCount;

    public void clear() {
        readCount = 0;
        writeCount = 0;
        stretchCount = 0;
    }

    /** A stretch of places, [from, to). */
    void read(long from, long to) {
        stretches = room(stretches, stretchCount + 1);
        stretches[stretchCount++] = from;
        stretches[stretchCount++] = to;
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

    /** Single places read; a place written too may be missing. */
    public long[] reads() {
        return Arrays.copyOf(reads, readCount);
    }

    /** How many single places were read. */
    public int readCount() {
        return readCount;
    }

    /** The single place read at an index below {@link #readCount}. */
    public long readAt(int index) {
        return reads[index];
    }

    public long[] writes() {
        return Arrays.copyOf(writes, writeCount);
    }

    public boolean conflicts(Footprint other) {
        return meets(writes, writeCount, other.writes, other.writeCount)
                || meets(writes, writeCount, other.reads, other.readCount)
                || meets(reads, readCount, other.writes, other.writeCount)
                || within(other)
                || other.within(this);
    }

    /** Whether the other writes into a stretch that this one read. */
    private boolean within(Footprint other) {
        for (int i = 0; i < stretchCount; i += 2) {
            for (int w = 0; w < other.writeCount; w++) {
                if (other.writes[w] >= stretches[i] && other.writes[w] < stretches[i + 1]) {
                    return true;
                }
            }
        }
        return false;
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
        return count < places.length ? places : Arrays.copyOf(places, 2 * places.length);
    }
}
