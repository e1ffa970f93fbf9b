package dev.shootdown.iommu.intel;

import static dev.shootdown.iommu.Bits.bit;
import static dev.shootdown.iommu.Bits.has;
import static dev.shootdown.iommu.Bits.ones;

/**
 * Half of a scalable-mode root entry (VT-d 9.2; 16 bytes, indexed by bus): the lower half is about devices 0 to 15 of the bus, the
 * upper half about the rest. In legacy mode (9.1) the lower half is all of it, and the upper one is reserved.
 *
 * @param present LP, UP
 * @param table   LCTP, UCTP: physical address of the context table
 */
public record RootEntry(boolean present, long table) {
    private static final long ADDRESS = ones(12, 52);
    private static final long RESERVED = ones(1, 11);

    public static RootEntry decode(long word) {
        return new RootEntry(has(word, 0), word & ADDRESS);
    }

    public long encode() {
        return bit(present, 0) | table & ADDRESS;
    }

    static boolean reserved(long word) {
        return (word & RESERVED) != 0;
    }
}
