package dev.shootdown.explore;

import java.util.Arrays;

/**
 * Whether a step writes what another depends on: a bit for each place that any known step writes, so that two sets are a
 * few words.
 */
final class Wakes {
    private final PlaceSets sets;
    private final LongIndex bits = new LongIndex();
    /** By bit: the number of its place. */
    private int[] written = new int[64];
    private int bitCount;
    /** How many words a set has. */
    private int width = 1;
    /** By set, {@link #width} words each: what it writes, and what it looks at of all that is written. */
    private final Masks writes = new Masks();
    private final Masks looks = new Masks();

    Wakes(PlaceSets sets) {
        this.sets = sets;
    }

    /** Whether a set of places holds anything that a step writes which touches another set. */
    boolean wakes(int step, int looked) {
        if (step == PlaceSets.EVERYTHING || looked == PlaceSets.EVERYTHING) {
            return true;
        }
        if (!writes.knows(step)) {
            learn(step);
        }
        if (!looks.knows(looked)) {
            look(looked);
        }
        int one = step * width;
        int other = looked * width;
        for (int i = 0; i < width; i++) {
            if ((writes.words[one + i] & looks.words[other + i]) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Places that are written for the first time get bits; what was known of all sets is then to be seen anew. */
    private void learn(int step) {
        int before = bitCount;
        for (int place : sets.writes(step)) {
            if (bits.get(place + 1) < 0) {
                written = bitCount == written.length ? Arrays.copyOf(written, 2 * bitCount) : written;
                written[bitCount] = place;
                bits.put(place + 1, bitCount++);
            }
        }
        if (bitCount > before) {
            width = (bitCount + Long.SIZE - 1) / Long.SIZE;
            writes.forget();
            looks.forget();
        }
        writes.make(step);
        for (int place : sets.writes(step)) {
            writes.set(step, bits.get(place + 1));
        }
    }

    private void look(int looked) {
        looks.make(looked);
        for (int place : sets.all(looked)) {
            int bit = bits.get(place + 1);
            if (bit >= 0) {
                looks.set(looked, bit);
            }
        }
        long[] stretches = sets.stretches(looked);
        for (int i = 0; i < stretches.length; i += 2) {
            for (int bit = 0; bit < bitCount; bit++) {
                long place = sets.placeOf(written[bit]);
                if (place >= stretches[i] && place < stretches[i + 1]) {
                    looks.set(looked, bit);
                }
            }
        }
    }

    /** Words by set. */
    private final class Masks {
        private long[] words = new long[256];
        private boolean[] known = new boolean[256];

        boolean knows(int set) {
            return set < known.length && known[set];
        }

        void forget() {
            Arrays.fill(known, false);
        }

        void make(int set) {
            if (set >= known.length) {
                known = Arrays.copyOf(known, 2 * set);
            }
            if ((set + 1) * width > words.length) {
                words = Arrays.copyOf(words, 2 * (set + 1) * width);
            }
            known[set] = true;
            Arrays.fill(words, set * width, (set + 1) * width, 0);
        }

        void set(int set, int bit) {
            words[set * width + bit / Long.SIZE] |= 1L << bit;
        }
    }
}
