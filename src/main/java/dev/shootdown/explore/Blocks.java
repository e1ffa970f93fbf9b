package dev.shootdown.explore;

import dev.shootdown.sim.Hash;
import java.util.Arrays;

/** Short stretches of values, each kept once and known by a number; number 0 is a stretch of zeros. */
final class Blocks {
    static final int BITS = 4;
    static final int LENGTH = 1 << BITS;

    private long[][] blocks = new long[1024][];
    private int count;
    private final LongIndex byHash = new LongIndex();

    Blocks() {
        number(new long[LENGTH]);
    }

    /** The number of a stretch, which is not to be changed any more. */
    int number(long[] values) {
        long hash = 1;
        for (long value : values) {
            hash = Hash.mix(hash ^ value) + 1;
        }
        for (int known = byHash.get(hash); known >= 0; known = byHash.get(hash)) {
            if (Arrays.equals(blocks[known], values)) {
                return known;
            }
            hash = Hash.mix(hash);
        }
        if (count == blocks.length) {
            blocks = Arrays.copyOf(blocks, 2 * count);
        }
        blocks[count] = values;
        byHash.put(hash, count);
        return count++;
    }

    long value(int block, int index) {
        return blocks[block][index];
    }

    /** A copy of a stretch, to be changed. */
    long[] copy(int block) {
        return blocks[block].clone();
    }

    long bytes() {
        return count * (LENGTH * (long) Long.BYTES + 24) + byHash.bytes();
    }
}
