package dev.shootdown.iommu.arm;

/** Fields of a 64-bit word, named as the specification names them: the lowest bit, and how many. */
final class Bits {
    private Bits() {}

    /** The field's value. */
    static long get(long word, int shift, int width) {
        return word >>> shift & mask(width);
    }

    static int field(long word, int shift, int width) {
        return (int) get(word, shift, width);
    }

    static boolean has(long word, int bit) {
        return (word >>> bit & 1) != 0;
    }

    /** A value in its place; bits that the field does not have are lost. */
    static long put(long value, int shift, int width) {
        return (value & mask(width)) << shift;
    }

    static long bit(boolean on, int bit) {
        return on ? 1L << bit : 0;
    }

    /** The bits from high down to low as they stand: an address's. */
    static long address(long word, int high, int low) {
        return word & (mask(high - low + 1) << low);
    }

    private static long mask(int width) {
        return width == Long.SIZE ? -1L : (1L << width) - 1;
    }
}
