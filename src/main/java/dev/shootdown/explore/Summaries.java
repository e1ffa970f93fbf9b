package dev.shootdown.explore;

import dev.shootdown.sim.Hash;
import java.util.Arrays;

/**
 * Of what each actor touches in the part of the graph behind a state, one {@link PlaceSets} number an actor: most
 * states share such a summary with many others, so each is kept once and has a number.
 */
final class Summaries {
    private final int actors;
    private int[] sets;
    private int count;
    private final LongIndex byHash = new LongIndex();

    Summaries(int actors) {
        this.actors = actors;
        this.sets = new int[64 * Math.max(1, actors)];
    }

    /** The number of the summary that an array holds from an index on. */
    int of(int[] from, int at) {
        long hash = 1;
        for (int i = at; i < at + actors; i++) {
            hash = Hash.mix(hash * 31 + from[i]);
        }
        int known = byHash.get(hash);
        if (known >= 0) {
            return known;
        }
        if ((count + 1) * actors > sets.length) {
            sets = Arrays.copyOf(sets, 2 * sets.length);
        }
        System.arraycopy(from, at, sets, count * actors, actors);
        byHash.put(hash, count);
        return count++;
    }

    int set(int summary, int actor) {
        return sets[summary * actors + actor];
    }

    long bytes() {
        return (long) sets.length * Integer.BYTES + byHash.bytes();
    }
}
