package dev.shootdown.iommu.intel;

import static dev.shootdown.iommu.intel.Bits.bit;
import static dev.shootdown.iommu.intel.Bits.field;
import static dev.shootdown.iommu.intel.Bits.has;
import static dev.shootdown.iommu.intel.Bits.ones;
import static dev.shootdown.iommu.intel.Bits.put;

/**
 * A PASID-table entry: 64 bytes, 64 of them in a table; the PASID's upper bits index the directory, whose entries are 8
 * bytes: P in bit 0, FPD in bit 1, the table's address in 63:12.
 *
 * @param present     P
 * @param quiet       FPD: faults that it leads to are not recorded
 * @param translation PGTT: {@link #FIRST_STAGE} and so on
 * @param domain      DID: tag of cached translations
 * @param supervisor  SRE: requests in supervisor mode are allowed
 * @param execute     ERE: requests for execution are allowed
 * @param fiveLevels  FSPM: the first-stage table has five levels
 * @param table       FSPTPTR: physical address of the first-stage table
 * @param second      SSPTPTR: physical address of the second-stage table, of four levels (AW 2); 0 for none
 */
public record PasidEntry(boolean present, boolean quiet, int translation, int domain, boolean supervisor, boolean execute,
        boolean fiveLevels, long table, long second) {
    /** One without a second stage. */
    public PasidEntry(boolean present, boolean quiet, int translation, int domain, boolean supervisor, boolean execute,
            boolean fiveLevels, long table) {
        this(present, quiet, translation, domain, supervisor, execute, fiveLevels, table, 0);
    }

    /** 64-bit words in an entry. */
    public static final int WORDS = 8;
    /** Low bits of a PASID that index the table. */
    public static final int INDEX_BITS = 6;

    public static final int FIRST_STAGE = 1;
    public static final int SECOND_STAGE = 2;
    public static final int NESTED = 3;
    public static final int PASS_THROUGH = 4;

    /** AW: 48 bits, four levels. */
    private static final long FOUR_LEVELS = 2L << 2;
    private static final long ADDRESS = ones(12, 52);
    /** 11:10 of the first word, which alone is looked at: the others hold what is about caching and snooping. */
    private static final long RESERVED_FIRST = ones(10, 2);

    /** The entry of a process's own table, through a second stage if that is not 0. */
    static PasidEntry of(long table, int domain, boolean fiveLevels, long second) {
        return new PasidEntry(true, false, second == 0 ? FIRST_STAGE : NESTED, domain, false, false, fiveLevels, table, second);
    }

    /** From the three words that are not zero. */
    public static PasidEntry decode(long first, long second, long third) {
        return new PasidEntry(has(first, 0), has(first, 1), field(first, 6, 3), field(second, 0, 16), has(third, 0), has(third, 1),
                field(third, 2, 2) == 1, third & ADDRESS, first & ADDRESS);
    }

    public long word(int index) {
        return switch (index) {
            case 0 -> bit(present, 0) | bit(quiet, 1) | put(translation, 6, 3) | (second == 0 ? 0 : second & ADDRESS | FOUR_LEVELS);
            case 1 -> put(domain, 0, 16);
            case 2 -> bit(supervisor, 0) | bit(execute, 1) | bit(fiveLevels, 2) | table & ADDRESS;
            default -> 0;
        };
    }

    /** Whether the hardware can do what it says: a first-stage table here, by itself or nested, no other kind. */
    public boolean usable() {
        return translation == FIRST_STAGE || translation == NESTED && second != 0;
    }

    static boolean reserved(long first) {
        return (first & RESERVED_FIRST) != 0;
    }
}
