package dev.shootdown.iommu.riscv;

/** Fields of 64-bit words; a field is the bits high:low, both included, as the specification writes them. */
final class Bits {
    private Bits() {}

    /** The field's value. */
    static long field(long word, int high, int low) {
        return word >>> low & ones(high, low);
    }

    /** A word with nothing but this field, which holds as much of the value as has room in it. */
    static long put(long value, int high, int low) {
        return (value & ones(high, low)) << low;
    }

    static boolean has(long word, int bit) {
        return (word >>> bit & 1) != 0;
    }

    static long bit(boolean on, int bit) {
        return on ? 1L << bit : 0;
    }

    /** A word with all bits of this field set. */
    static long mask(int high, int low) {
        return ones(high, low) << low;
    }

    private static long ones(int high, int low) {
        return -1L >>> Long.SIZE - 1 - (high - low);
    }
}
