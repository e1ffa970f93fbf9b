package dev.shootdown.iommu.intel;

import static dev.shootdown.iommu.intel.Bits.bit;
import static dev.shootdown.iommu.intel.Bits.field;
import static dev.shootdown.iommu.intel.Bits.has;
import static dev.shootdown.iommu.intel.Bits.ones;
import static dev.shootdown.iommu.intel.Bits.put;

/**
 * A scalable-mode context entry: 32 bytes, of which the upper 16 are reserved.
 *
 * @param present      P
 * @param quiet        FPD: faults that it leads to are not recorded
 * @param deviceTlb    DTE: translation requests and translated requests are allowed
 * @param pasids       PASIDE: requests with a PASID are allowed
 * @param requests     PRE: page requests are allowed
 * @param directory    PDTS: the PASID directory has 2^(this + 7) entries
 * @param table        PASIDDIRPTR: physical address of the PASID directory
 * @param ridPasid     RID_PASID: the PASID of requests that carry none
 */
public record ContextEntry(boolean present, boolean quiet, boolean deviceTlb, boolean pasids, boolean requests, int directory,
        long table, int ridPasid) {
    /** 64-bit words in an entry. */
    public static final int WORDS = 4;

    private static final int SMALLEST_DIRECTORY = 7;
    private static final long ADDRESS = ones(12, 52);
    private static final long RESERVED_LOW = ones(5, 4);
    private static final long RESERVED_HIGH = ones(21, 43);

    public static ContextEntry decode(long low, long high) {
        return new ContextEntry(has(low, 0), has(low, 1), has(low, 2), has(low, 3), has(low, 4), field(low, 9, 3), low & ADDRESS,
                field(high, 0, 20));
    }

    public long word(int index) {
        return switch (index) {
            case 0 -> bit(present, 0) | bit(quiet, 1) | bit(deviceTlb, 2) | bit(pasids, 3) | bit(requests, 4) | put(directory, 9, 3)
                    | table & ADDRESS;
            case 1 -> put(ridPasid, 0, 20);
            default -> 0;
        };
    }

    /** Whether a PASID has a place in the directory: 64 of them share an entry. */
    public boolean holds(int pasid) {
        return pasid >>> PasidEntry.INDEX_BITS < 1 << directory + SMALLEST_DIRECTORY;
    }

    static boolean reserved(long low, long high) {
        return (low & RESERVED_LOW | high & RESERVED_HIGH) != 0;
    }
}
