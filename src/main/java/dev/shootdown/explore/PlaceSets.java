package dev.shootdown.explore;

import dev.shootdown.sim.Footprint;
import java.util.Arrays;

/** Gives each set of places a number, so that a search handles numbers only; what comes of two of them is remembered. */
final class PlaceSets {
    /** All places that there are or may come to be, written. */
    static final int EVERYTHING = 0;
    static final int NOTHING = 1;

    private Places[] sets = new Places[256];
    private int count = 2;
    private final LongIndex byHash = new LongIndex();
    private final PairMemo unions = new PairMemo();
    private final PairMemo meetings = new PairMemo();
    private long bytes;

    PlaceSets() {
        sets[NOTHING] = Places.NONE;
        byHash.put(0, NOTHING);
    }

    int of(Footprint footprint) {
        int known = byHash.get(footprint.hash());
        return known >= 0 ? known : add(footprint.hash(), Places.of(footprint));
    }

    private int add(long hash, Places set) {
        if (count == sets.length) {
            sets = Arrays.copyOf(sets, 2 * count);
        }
        sets[count] = set;
        bytes += set.bytes();
        byHash.put(hash, count);
        return count++;
    }

    int union(int a, int b) {
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
            Places both = sets[a].with(sets[b]);
            long hash = both.hash();
            known = byHash.get(hash);
            known = known >= 0 ? known : add(hash, both);
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
            known = sets[a].meeting(sets[b]) >= 0 ? 1 : 0;
            meetings.put(low, high, known);
        }
        return known == 1;
    }

    /** A place where two sets meet; -1 if it is all of them. */
    long place(int a, int b) {
        return a == EVERYTHING || b == EVERYTHING ? -1 : sets[a].meeting(sets[b]);
    }

    long bytes() {
        return bytes + byHash.bytes() + unions.bytes() + meetings.bytes() + (long) sets.length * Integer.BYTES;
    }
}
