package dev.shootdown.explore;

import dev.shootdown.sim.Footprint;
import dev.shootdown.sim.Hash;
import dev.shootdown.sim.Repertoire;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * Gives each place a number, and each set of places, so that a search handles numbers only; what comes of two sets is
 * remembered.
 */
final class PlaceSets implements Repertoire.Places {
    /** All places that there are or may come to be, written. */
    static final int EVERYTHING = 0;
    static final int NOTHING = 1;

    private Places[] sets = new Places[256];
    private int[][] written = new int[256][];
    private int count = 2;
    private final LongIndex byFootprint = new LongIndex();
    private final LongIndex byHash = new LongIndex();
    private final LongIndex byPlace = new LongIndex();
    private long[] places = new long[256];
    private int placeCount;
    private final PairMemo unions = new PairMemo();
    private final PairMemo meetings = new PairMemo();
    private long bytes;

    PlaceSets() {
        sets[EVERYTHING] = Places.NONE;
        written[EVERYTHING] = new int[0];
        sets[NOTHING] = Places.NONE;
        written[NOTHING] = new int[0];
        byHash.put(hash(Places.NONE), NOTHING);
    }

    // ---------------------------------------------------------------- places

    @Override
    public int number(long place) {
        int known = byPlace.get(place);
        if (known >= 0) {
            return known;
        }
        if (placeCount == places.length) {
            places = Arrays.copyOf(places, 2 * placeCount);
        }
        places[placeCount] = place;
        byPlace.put(place, placeCount);
        return placeCount++;
    }

    /** The place of a number. */
    long placeOf(int number) {
        return places[number];
    }

    /** How many places have numbers. */
    int placeCount() {
        return placeCount;
    }

    // ---------------------------------------------------------------- sets

    @Override
    public int of(Footprint footprint) {
        int known = byFootprint.get(footprint.hash());
        if (known < 0) {
            long[] reads = new long[0];
            for (int i = 0; i < footprint.readCount(); i++) {
                if (!footprint.wrote(footprint.readAt(i))) {
                    reads = with(reads, number(footprint.readAt(i)));
                }
            }
            long[] writes = new long[0];
            for (long place : footprint.writes()) {
                writes = with(writes, number(place));
            }
            known = intern(new Places(reads, writes, footprint.stretches()));
            byFootprint.put(footprint.hash(), known);
        }
        return known;
    }

    private static long[] with(long[] bits, int number) {
        long[] more = number >>> 6 < bits.length ? bits : Arrays.copyOf(bits, (number >>> 6) + 1);
        more[number >>> 6] |= 1L << number;
        return more;
    }

    private int intern(Places set) {
        long hash = hash(set);
        for (int known = byHash.get(hash); known >= 0; known = byHash.get(hash)) {
            if (sets[known].same(set)) {
                return known;
            }
            hash = Hash.mix(hash);
        }
        if (count == sets.length) {
            sets = Arrays.copyOf(sets, 2 * count);
            written = Arrays.copyOf(written, 2 * count);
        }
        sets[count] = set;
        bytes += set.bytes();
        byHash.put(hash, count);
        return count++;
    }

    private static long hash(Places set) {
        long hash = 1;
        for (long[] part : new long[][] {set.reads(), set.writes(), set.stretches()}) {
            hash = Hash.mix(hash + part.length);
            for (long word : part) {
                hash = Hash.mix(hash ^ word) + 1;
            }
        }
        return hash;
    }

    @Override
    public int nothing() {
        return NOTHING;
    }

    @Override
    public int union(int a, int b) {
        if (a == b || b == NOTHING || a == EVERYTHING) {
            return a;
        }
        if (a == NOTHING || b == EVERYTHING) {
            return b;
        }
        return a < b ? ordered(a, b) : ordered(b, a);
    }

    private int ordered(int a, int b) {
        int known = unions.get(a, b);
        if (known < 0) {
            known = intern(sets[a].with(sets[b]));
            unions.put(a, b, known);
        }
        return known;
    }

    /** Whether one writes what the other touches. */
    boolean meet(int a, int b) {
        if (a == NOTHING || b == NOTHING) {
            return false;
        }
        if (a == EVERYTHING || b == EVERYTHING) {
            return true;
        }
        int low = Math.min(a, b);
        int high = Math.max(a, b);
        int known = meetings.get(low, high);
        if (known < 0) {
            known = place(a, b) >= 0 ? 1 : 0;
            meetings.put(low, high, known);
        }
        return known == 1;
    }

    /** A place where two sets meet; -1 if it is all of them, or none. */
    long place(int a, int b) {
        Places one = sets[a];
        Places other = sets[b];
        int number = Places.common(one.writes(), other.writes());
        number = number >= 0 ? number : Places.common(one.writes(), other.reads());
        number = number >= 0 ? number : Places.common(one.reads(), other.writes());
        number = number >= 0 ? number : within(a, other.stretches());
        number = number >= 0 ? number : within(b, one.stretches());
        return number >= 0 ? places[number] : -1;
    }

    /** A place that a set writes within stretches. */
    private int within(int set, long[] stretches) {
        for (int i = 0; i < stretches.length; i += 2) {
            for (int number : writes(set)) {
                if (places[number] >= stretches[i] && places[number] < stretches[i + 1]) {
                    return number;
                }
            }
        }
        return -1;
    }

    /** The numbers of the places that a set writes. */
    int[] writes(int set) {
        if (written[set] == null) {
            written[set] = numbers(sets[set].writes()).toArray();
        }
        return written[set];
    }

    /** The numbers of all places of a set, those within stretches aside. */
    int[] all(int set) {
        return IntStream.concat(Arrays.stream(writes(set)), numbers(sets[set].reads())).toArray();
    }

    private static IntStream numbers(long[] bits) {
        return BitSet.valueOf(bits).stream();
    }

    /** The stretches that a set reads as a whole: from, to, from, to ..., as places. */
    long[] stretches(int set) {
        return sets[set].stretches();
    }

    /** How many sets have numbers. */
    int count() {
        return count;
    }

    long bytes() {
        return bytes + byHash.bytes() + unions.bytes() + meetings.bytes() + (long) sets.length * Integer.BYTES;
    }
}
