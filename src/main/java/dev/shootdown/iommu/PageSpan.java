package dev.shootdown.iommu;

import dev.shootdown.memory.Frames;

/**
 * A range as AMD's commands (and PCIe's messages) have it: an address and the S bit. S=0 is one page; with S=1 the
 * lowest zero bit of the address from bit 12 up gives the size of a naturally aligned block.
 */
public record PageSpan(long address, boolean size) {
    /** All addresses: CMD_INV_IOMMU_ALL_PAGES_ADDRESS. */
    public static final PageSpan EVERYTHING = new PageSpan(0x7fff_ffff_ffff_f000L, true);

    private static final int WIDEST = 51;
    private static final long PAGE_MASK = -Frames.PAGE_SIZE;

    /**
     * What Linux encodes for [start, end): one page, or the smallest aligned power of two of pages that holds the
     * range, or everything (build_inv_address).
     */
    public static PageSpan of(long start, long end) {
        long last = end - 1;
        if ((start & PAGE_MASK) == (last & PAGE_MASK)) {
            return new PageSpan(start & PAGE_MASK, false);
        }
        int differs = 63 - Long.numberOfLeadingZeros(start ^ last);
        if (differs > WIDEST) {
            return EVERYTHING;
        }
        return new PageSpan((start | (1L << differs) - 1) & PAGE_MASK, true);
    }

    /** From the second word of a command: the S bit and the address. */
    public static PageSpan decode(long word) {
        return new PageSpan(word & PAGE_MASK, (word & 1) != 0);
    }

    /** The S bit and the address, as the second word of a command has them. */
    public long encode() {
        return address & PAGE_MASK | (size ? 1 : 0);
    }

    /** The first byte really covered. */
    public long start() {
        return everything() ? 0 : size ? address & -bytes() : address;
    }

    /** The end of the bytes really covered. */
    public long end() {
        return everything() ? Caches.EVERYTHING : start() + bytes();
    }

    /** How many pages are really covered; -1 for everything. */
    public long pages() {
        return everything() ? -1 : bytes() >>> Frames.PAGE_SHIFT;
    }

    private boolean everything() {
        return size && lowestZero() >= Long.SIZE - 1;
    }

    private long bytes() {
        return size ? 1L << lowestZero() + 1 : Frames.PAGE_SIZE;
    }

    private int lowestZero() {
        return Long.numberOfTrailingZeros(~(address | Frames.PAGE_SIZE - 1));
    }
}
