package dev.shootdown.sim;

import java.util.Arrays;

/**
 * The places that a step read and wrote. Two steps of different actors of which neither writes what the other
 * reads or writes commute: that is all that partial-order reduction needs to know.
 */
public final class Footprint {
    private static final byte READ = 1;
    private static final byte WRITTEN = 2;

    private long[] reads = new long[32];
    private long[] writes = new long[16];
    /** Stretches read as a whole: from, to, from, to ... */
    private long[] stretches = new long[8];
    private int readCount;
    private int writeCount;
    private int stretchCount;
    /** Which places are in it, with open addressing; a slot counts only if its stamp is the present one. */
    private long[] places = new long[128];
    private int[] stamps = new int[128];
    private byte[] kinds = new byte[128];
    private int stamp = 1;
    private long hash;

    public void clear() {
        readCount = 0;
        writeCount = 0;
        stretchCount = 0;
        hash = 0;
        if (++stamp == 0) {
            Arrays.fill(stamps, 0);
            stamp = 1;
        }
    }

    /** A stretch of places, [from, to). */
    void read(long from, long to) {
        for (int i = 0; i < stretchCount; i += 2) {
            if (stretches[i] == from && stretches[i + 1] == to) {
                return;
            }
        }
        stretches = room(stretches, stretchCount + 1);
        stretches[stretchCount++] = from;
        stretches[stretchCount++] = to;
        hash += stretchTerm(from, to);
    }

    void read(long place) {
        int slot = slotOf(place);
        if (stamps[slot] != stamp) {
            enter(slot, place, READ);
            reads = room(reads, readCount);
            reads[readCount++] = place;
            hash += readTerm(place);
        }
    }

    void write(long place) {
        int slot = slotOf(place);
        boolean known = stamps[slot] == stamp;
        if (known && kinds[slot] == WRITTEN) {
            return;
        }
        hash += writeTerm(place) - (known ? readTerm(place) : 0);
        if (known) {
            kinds[slot] = WRITTEN;
        } else {
            enter(slot, place, WRITTEN);
        }
        writes = room(writes, writeCount);
        writes[writeCount++] = place;
    }

    void looked(Look look) {
        if (!look.store().role().footprinted) {
            return;
        }
        if (look.width() == 1) {
            read(look.place());
        } else {
            read(look.place(), look.place() + look.width());
        }
    }

    private int slotOf(long place) {
        int mask = places.length - 1;
        int slot = (int) ((place * 0x9e3779b97f4a7c15L) >>> 40) & mask;
        while (stamps[slot] == stamp && places[slot] != place) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void enter(int slot, long place, byte kind) {
        places[slot] = place;
        stamps[slot] = stamp;
        kinds[slot] = kind;
        if (2 * (readCount + writeCount) > places.length) {
            enlarge();
        }
    }

    private void enlarge() {
        long[] oldPlaces = places;
        int[] oldStamps = stamps;
        byte[] oldKinds = kinds;
        places = new long[2 * oldPlaces.length];
        stamps = new int[places.length];
        kinds = new byte[places.length];
        for (int i = 0; i < oldPlaces.length; i++) {
            if (oldStamps[i] == stamp) {
                int slot = slotOf(oldPlaces[i]);
                places[slot] = oldPlaces[i];
                stamps[slot] = stamp;
                kinds[slot] = oldKinds[i];
            }
        }
    }

    // ---------------------------------------------------------------- what is in it

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

    /** The stretches read as a whole: from, to, from, to ... */
    public long[] stretches() {
        return Arrays.copyOf(stretches, stretchCount);
    }

    /** Whether a place was written. */
    public boolean wrote(long place) {
        int slot = slotOf(place);
        return stamps[slot] == stamp && kinds[slot] == WRITTEN;
    }

    /**
     * A hash of what is in it, whatever the order: the sum of {@link #readTerm} of the places that were read only,
     * {@link #writeTerm} of those written, and {@link #stretchTerm} of the stretches.
     */
    public long hash() {
        return hash;
    }

    public static long readTerm(long place) {
        return Hash.mix(place);
    }

    public static long writeTerm(long place) {
        return Hash.mix(~place);
    }

    public static long stretchTerm(long from, long to) {
        return Hash.mix(from, to);
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
            for (int k = 0; k < m; k++) {
                if (a[i] == b[k]) {
                    return true;
                }
            }
        }
        return false;
    }

    private static long[] room(long[] places, int count) {
        return count < places.length ? places : Arrays.copyOf(places, 2 * places.length);
    }
}
