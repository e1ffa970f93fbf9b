package dev.shootdown.iommu.intel;

/** Fields of 64-bit words, by their lowest bit and how many they are. */
final class Bits {
    private Bits() {}

    static long get(long word, int shift, int count) {
        return word >>> shift & mask(count);
    }

    static int field(long word, int shift, int count) {
        return (int) get(word, shift, count);
    }

    static boolean has(long word, int bit) {
        return (word >>> bit & 1) != 0;
    }

    static long put(long value, int shift, int count) {
        return (value & mask(count)) << shift;
    }

    static long bit(boolean on, int bit) {
        return on ? 1L << bit : 0;
    }

    /** A stretch of ones. */
    static long ones(int shift, int count) {
        return mask(count) << shift;
    }

    private static long mask(int count) {
        return count == Long.SIZE ? -1L : (1L << count) - 1;
    }
}
