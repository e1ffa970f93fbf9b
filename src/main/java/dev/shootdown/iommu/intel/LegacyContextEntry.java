package dev.shootdown.iommu.intel;

import static dev.shootdown.iommu.Bits.bit;
import static dev.shootdown.iommu.Bits.field;
import static dev.shootdown.iommu.Bits.has;
import static dev.shootdown.iommu.Bits.ones;
import static dev.shootdown.iommu.Bits.put;

/**
 * A context entry of legacy mode (VT-d 9.3): 16 bytes, 256 of them in the table of a bus, indexed by device and function. It is
 * about requests without a PASID alone.
 *
 * @param present     P
 * @param quiet       FPD: faults that it leads to are not recorded
 * @param translation TT: {@link #UNTRANSLATED_ONLY} and so on
 * @param second      SSPTPTR: physical address of the second-stage table
 * @param width       AW: {@link #FOUR_LEVELS}
 * @param domain      DID: tag of cached translations
 */
public record LegacyContextEntry(boolean present, boolean quiet, int translation, long second, int width, int domain) {
    /** 64-bit words in an entry. */
    public static final int WORDS = 2;

    /** The second stage translates; translation requests and translated requests are blocked. */
    public static final int UNTRANSLATED_ONLY = 0;
    /** The second stage translates, and devices may ask for that themselves. */
    public static final int DEVICE_TLB = 1;
    public static final int PASS_THROUGH = 2;

    /** AW: 48 bits, four levels. */
    public static final int FOUR_LEVELS = 2;

    private static final long ADDRESS = ones(12, 52);
    private static final long RESERVED_LOW = ones(4, 8);
    private static final long RESERVED_HIGH = ones(7, 1) | ones(24, 40);

    public static LegacyContextEntry decode(long low, long high) {
        return new LegacyContextEntry(has(low, 0), has(low, 1), field(low, 2, 2), low & ADDRESS, field(high, 0, 3), field(high, 8, 16));
    }

    public long word(int index) {
        return index == 0
                ? bit(present, 0) | bit(quiet, 1) | put(translation, 2, 2) | second & ADDRESS
                : put(width, 0, 3) | put(domain, 8, 16);
    }

    static boolean reserved(long low, long high) {
        return (low & RESERVED_LOW | high & RESERVED_HIGH) != 0;
    }
}
