package dev.shootdown.iommu;

/** Fields of 64-bit words, by their lowest bit and how many they are. */
public final class Bits {
    private Bits() {}

    public static long get(long word, int shift, int count) {
        return word >>> shift & mask(count);
    }

    public static int field(long word, int shift, int count) {
        return (int) get(word, shift, count);
    }

    public static boolean has(long word, int bit) {
        return (word >>> bit & 1) != 0;
    }

    /** A value in its place; what the field has no room for is lost. */
    public static long put(long value, int shift, int count) {
        return (value & mask(count)) << shift;
    }

    public static long bit(boolean on, int bit) {
        return on ? 1L << bit : 0;
    }

    /** A stretch of ones. */
    public static long ones(int shift, int count) {
        return mask(count) << shift;
    }

    /** The bits from high down to low as they stand: an address's. */
    public static long address(long word, int high, int low) {
        return word & ones(low, high - low + 1);
    }

    private static long mask(int count) {
        return count == Long.SIZE ? -1L : (1L << count) - 1;
    }
}
