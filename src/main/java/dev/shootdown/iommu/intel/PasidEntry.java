package dev.shootdown.iommu.intel;

import static dev.shootdown.iommu.Bits.bit;
import static dev.shootdown.iommu.Bits.field;
import static dev.shootdown.iommu.Bits.has;
import static dev.shootdown.iommu.Bits.ones;
import static dev.shootdown.iommu.Bits.put;

/**
 * A PASID-table entry (VT-d 9.6): 64 bytes, 64 of them in a table; the PASID's upper bits index the directory, whose entries are
 * 8 bytes: P in bit 0, FPD in bit 1, the table's address in 63:12. This hardware has no memory types (MTS), no extended accessed
 * flag, no dirty flags in the second stage and no host permission tables, so that their fields are reserved.
 *
 * @param present     P
 * @param quiet       FPD: faults that it leads to are not recorded
 * @param translation PGTT: {@link #FIRST_STAGE} and so on
 * @param width       AW: {@link #FOUR_LEVELS} where there is a second stage
 * @param domain      DID: tag of cached translations
 * @param snooped     PWSNP: page walks snoop the CPUs' caches, without which no accessed or dirty bit can be set
 * @param supervisor  SRE: requests in supervisor mode are allowed
 * @param execute     ERE: requests for execution are allowed
 * @param fiveLevels  FSPM: the first-stage table has five levels
 * @param table       FSPTPTR: physical address of the first-stage table
 * @param second      SSPTPTR: physical address of the second-stage table; 0 for none
 */
public record PasidEntry(boolean present, boolean quiet, int translation, int width, int domain, boolean snooped, boolean supervisor,
        boolean execute, boolean fiveLevels, long table, long second) {
    /** One without a second stage. */
    public PasidEntry(boolean present, boolean quiet, int translation, int domain, boolean snooped, boolean supervisor, boolean execute,
            boolean fiveLevels, long table) {
        this(present, quiet, translation, 0, domain, snooped, supervisor, execute, fiveLevels, table, 0);
    }

    /** 64-bit words in an entry. */
    public static final int WORDS = 8;
    /** Low bits of a PASID that index the table. */
    public static final int INDEX_BITS = 6;

    public static final int FIRST_STAGE = 1;
    public static final int SECOND_STAGE = 2;
    public static final int NESTED = 3;
    public static final int PASS_THROUGH = 4;

    /** AW: 48 bits, four levels, the only width that this hardware's second stage has. */
    public static final int FOUR_LEVELS = 2;
    /** The highest bit, plus 1, of an address that such a second stage translates. */
    static final int SECOND_STAGE_BITS = 48;

    private static final long ADDRESS = ones(12, 52);
    /** Bit 5, SSADE, 11:10. */
    private static final long RESERVED_FIRST = ones(5, 1) | ones(9, 3);
    /** Bits 86:80, and from CD on. PGSNP is not looked at. */
    private static final long RESERVED_SECOND = ones(16, 7) | ones(25, 39);
    /** Bits 139:135. WPE is not looked at. */
    private static final long RESERVED_THIRD = ones(7, 5);

    /**
     * The entry of a process's own table, through a second stage if that is not 0 (drivers/iommu/intel/pasid.c:
     * intel_pasid_setup_first_level, with PWSNP where walks can snoop).
     */
    static PasidEntry of(long table, int domain, boolean fiveLevels, long second) {
        return new PasidEntry(true, false, second == 0 ? FIRST_STAGE : NESTED, second == 0 ? 0 : FOUR_LEVELS, domain, true, false, false,
                fiveLevels, table, second);
    }

    /** From the three words that are not zero. */
    public static PasidEntry decode(long first, long second, long third) {
        return new PasidEntry(has(first, 0), has(first, 1), field(first, 6, 3), field(first, 2, 3), field(second, 0, 16), has(second, 23),
                has(third, 0), has(third, 1), field(third, 2, 2) == 1, third & ADDRESS, first & ADDRESS);
    }

    public long word(int index) {
        return switch (index) {
            case 0 -> bit(present, 0) | bit(quiet, 1) | put(width, 2, 3) | put(translation, 6, 3) | second & ADDRESS;
            case 1 -> put(domain, 0, 16) | bit(snooped, 23);
            case 2 -> bit(supervisor, 0) | bit(execute, 1) | bit(fiveLevels, 2) | table & ADDRESS;
            default -> 0;
        };
    }

    /** Whether the first stage translates, by itself or on a second one. */
    boolean firstStage() {
        return translation == FIRST_STAGE || translation == NESTED;
    }

    /** Whether the second stage translates, by itself or below a first one. */
    boolean secondStage() {
        return translation == SECOND_STAGE || translation == NESTED;
    }

    /**
     * Whether the hardware can do what it says (7.1.3, SPT.4).
     *
     * @param nested whether it has a second stage
     * @param five   whether it can walk first-stage tables of five levels
     */
    boolean usable(boolean nested, boolean five) {
        return switch (translation) {
            case FIRST_STAGE -> five || !fiveLevels;
            case SECOND_STAGE -> nested && width == FOUR_LEVELS;
            case NESTED -> nested && width == FOUR_LEVELS && (five || !fiveLevels) && table >>> SECOND_STAGE_BITS == 0;
            case PASS_THROUGH -> true;
            default -> false;
        };
    }

    /** Whether a bit is set in one of its words that must not be. */
    static boolean reserved(long word, int index) {
        return switch (index) {
            case 0 -> (word & RESERVED_FIRST) != 0;
            case 1 -> (word & RESERVED_SECOND) != 0;
            case 2 -> (word & RESERVED_THIRD) != 0;
            default -> word != 0;
        };
    }
}
