package dev.shootdown.explore;

import dev.shootdown.sim.Footprint;
import java.util.Arrays;

/**
 * A set of places read and of places written.
 *
 * @param reads     read only, in order
 * @param writes    written, in order
 * @param stretches read as a whole: from, to, from, to ...
 */
record Places(long[] reads, long[] writes, long[] stretches) {
    static final Places NONE = new Places(new long[0], new long[0], new long[0]);

    static Places of(Footprint footprint) {
        long[] writes = footprint.writes();
        long[] reads = Arrays.stream(footprint.reads()).filter(place -> !footprint.wrote(place)).toArray();
        Arrays.sort(reads);
        Arrays.sort(writes);
        return new Places(reads, writes, footprint.stretches());
    }

    Places with(Places other) {
        long[] allWrites = merge(writes, other.writes);
        return new Places(without(merge(reads, other.reads), allWrites), allWrites, joined(other.stretches));
    }

    private static long[] merge(long[] a, long[] b) {
        long[] all = new long[a.length + b.length];
        int count = 0;
        for (int i = 0, k = 0; i < a.length || k < b.length; ) {
            if (k == b.length || i < a.length && a[i] < b[k]) {
                all[count++] = a[i++];
            } else {
                i += i < a.length && a[i] == b[k] ? 1 : 0;
                all[count++] = b[k++];
            }
        }
        return Arrays.copyOf(all, count);
    }

    private static long[] without(long[] a, long[] b) {
        int count = 0;
        for (long place : a) {
            if (Arrays.binarySearch(b, place) < 0) {
                a[count++] = place;
            }
        }
        return Arrays.copyOf(a, count);
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

    /** As {@link Footprint#hash}. */
    long hash() {
        long hash = 0;
        for (long place : reads) {
            hash += Footprint.readTerm(place);
        }
        for (long place : writes) {
            hash += Footprint.writeTerm(place);
        }
        for (int i = 0; i < stretches.length; i += 2) {
            hash += Footprint.stretchTerm(stretches[i], stretches[i + 1]);
        }
        return hash;
    }

    // ---------------------------------------------------------------- who meets whom

    /** A place that one writes and the other touches; -1 if there is none. */
    long meeting(Places other) {
        long place = common(writes, other.writes);
        place = place >= 0 ? place : written(other);
        return place >= 0 ? place : other.written(this);
    }

    /** A place that this one writes and the other reads, or writes after having read it; -1 if there is none. */
    long written(Places reader) {
        long place = common(writes, reader.reads);
        for (int i = 0; place < 0 && i < reader.stretches.length; i += 2) {
            int at = Arrays.binarySearch(writes, reader.stretches[i]);
            at = at < 0 ? -at - 1 : at;
            place = at < writes.length && writes[at] < reader.stretches[i + 1] ? writes[at] : -1;
        }
        return place;
    }

    private static long common(long[] a, long[] b) {
        for (int i = 0, k = 0; i < a.length && k < b.length; ) {
            if (a[i] == b[k]) {
                return a[i];
            } else if (a[i] < b[k]) {
                i++;
            } else {
                k++;
            }
        }
        return -1;
    }

    long bytes() {
        return 100L + Long.BYTES * (reads.length + writes.length + stretches.length);
    }
}
