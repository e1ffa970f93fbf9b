package dev.shootdown.iommu.intel;

import static dev.shootdown.iommu.Bits.bit;
import static dev.shootdown.iommu.Bits.field;
import static dev.shootdown.iommu.Bits.has;
import static dev.shootdown.iommu.Bits.put;

import dev.shootdown.iommu.Caches;
import dev.shootdown.memory.Frames;

/**
 * The pages of an IOTLB descriptor: the low bits of the address that AM covers do not count.
 *
 * @param mask AM: log2 of how many pages
 * @param hint IH: no entry above the leaves has changed
 */
public record QiPages(long address, int mask, boolean hint) {
    /** No pages: where the granularity is a wider one. */
    public static final QiPages NONE = new QiPages(0, 0, false);

    private static final int ALL = Long.SIZE - Frames.PAGE_SHIFT;

    /** The smallest aligned block that holds [start, end), tables above it included. */
    public static QiPages of(long start, long end) {
        int mask = Long.SIZE - Long.numberOfLeadingZeros(start >>> Frames.PAGE_SHIFT ^ end - 1 >>> Frames.PAGE_SHIFT);
        return new QiPages(start >>> Frames.PAGE_SHIFT + mask << Frames.PAGE_SHIFT + mask, mask, false);
    }

    static QiPages decode(long high) {
        return new QiPages(high & -Frames.PAGE_SIZE, field(high, 0, 6), has(high, 6));
    }

    long encode() {
        return address & -Frames.PAGE_SIZE | put(mask, 0, 6) | bit(hint, 6);
    }

    /** The first byte really covered. */
    public long start() {
        return mask >= ALL ? 0 : address & -(Frames.PAGE_SIZE << mask);
    }

    /** The end of the bytes really covered. */
    public long end() {
        return mask >= ALL ? Caches.EVERYTHING : start() + (Frames.PAGE_SIZE << mask);
    }
}
