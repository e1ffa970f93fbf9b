package dev.shootdown.iommu.intel;

import static dev.shootdown.iommu.Bits.bit;
import static dev.shootdown.iommu.Bits.field;
import static dev.shootdown.iommu.Bits.has;
import static dev.shootdown.iommu.Bits.ones;
import static dev.shootdown.iommu.Bits.put;

/**
 * A scalable-mode context entry (VT-d 9.4): 32 bytes, of which the upper 16 are reserved. This hardware has no host permission
 * tables (HPTE) and no privilege of requests without a PASID (RID_PRIV).
 *
 * @param present      P
 * @param quiet        FPD: faults that it leads to are not recorded
 * @param deviceTlb    DTE: translation requests and translated requests are allowed
 * @param pasids       PASIDE: requests with a PASID are allowed
 * @param requests     PRE: page requests are allowed
 * @param translated   EPTR: translated requests may carry a PASID
 * @param directory    PDTS: the PASID directory has 2^(this + 7) entries
 * @param table        PASIDDIRPTR: physical address of the PASID directory
 * @param ridPasid     RID_PASID: the PASID of requests that carry none
 */
public record ContextEntry(boolean present, boolean quiet, boolean deviceTlb, boolean pasids, boolean requests, boolean translated,
        int directory, long table, int ridPasid) {
    /** One that takes no PASID with translated requests. */
    public ContextEntry(boolean present, boolean quiet, boolean deviceTlb, boolean pasids, boolean requests, int directory, long table,
            int ridPasid) {
        this(present, quiet, deviceTlb, pasids, requests, false, directory, table, ridPasid);
    }

    /** 64-bit words in an entry. */
    public static final int WORDS = 4;

    private static final int SMALLEST_DIRECTORY = 7;
    private static final long ADDRESS = ones(12, 52);
    private static final long RESERVED_LOW = ones(5, 1) | ones(7, 2);
    private static final long RESERVED_HIGH = ones(21, 43);

    public static ContextEntry decode(long low, long high) {
        return new ContextEntry(has(low, 0), has(low, 1), has(low, 2), has(low, 3), has(low, 4), has(low, 6),
                field(low, 9, 3), low & ADDRESS, field(high, 0, 20));
    }

    public long word(int index) {
        return switch (index) {
            case 0 -> bit(present, 0) | bit(quiet, 1) | bit(deviceTlb, 2) | bit(pasids, 3) | bit(requests, 4) | bit(translated, 6)
                    | put(directory, 9, 3) | table & ADDRESS;
            case 1 -> put(ridPasid, 0, 20);
            default -> 0;
        };
    }

    /** Whether a PASID has a place in the directory: 64 of them share an entry. */
    public boolean holds(int pasid) {
        return pasid >>> PasidEntry.INDEX_BITS < 1 << directory + SMALLEST_DIRECTORY;
    }

    /** Whether its fields contradict each other (7.1.3, SCT.4). */
    boolean inconsistent() {
        return requests && !deviceTlb || translated && !pasids || !holds(ridPasid);
    }

    /** Whether a bit is set in its four words that must not be. */
    static boolean reserved(long first, long second, long third, long fourth) {
        return (first & RESERVED_LOW | second & RESERVED_HIGH | third | fourth) != 0;
    }
}
