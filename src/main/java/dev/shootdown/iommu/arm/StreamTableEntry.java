package dev.shootdown.iommu.arm;

import static dev.shootdown.iommu.Bits.bit;
import static dev.shootdown.iommu.Bits.field;
import static dev.shootdown.iommu.Bits.has;
import static dev.shootdown.iommu.Bits.put;

import dev.shootdown.iommu.Bits;
import dev.shootdown.iommu.Ring;

/**
 * What of a stream table entry (STE, 64 bytes; IHI 0070, 5.2; arm-smmu-v3.h: STRTAB_STE) the model uses.
 *
 * @param config       what becomes of the stream's transactions: {@link #ABORT}, {@link #BYPASS}, {@link #STAGE_1} ...
 * @param s1Fmt        the form of the table of context descriptors
 * @param s1ContextPtr where that is
 * @param s1CdMax      log2 of how many descriptors it has
 * @param s1Dss        what becomes of a transaction without a SubstreamID
 * @param ppar         whether an automatic page response carries the PASID
 * @param s1Stalld     the stream may not stall
 * @param eats         what becomes of translation requests: 0 off, 1 full
 * @param strw         the stream world: {@link #NS_EL1} or {@link #EL2}
 * @param s2Vmid       the virtual machine's tag
 * @param s2s          stage 2 stalls
 * @param s2r          stage 2 records faults
 * @param s2Ttb        where its table is; 0 for none
 */
public record StreamTableEntry(boolean valid, int config, int s1Fmt, long s1ContextPtr, int s1CdMax, int s1Dss, boolean ppar,
        boolean s1Stalld, int eats, int strw, int s2Vmid, boolean s2s, boolean s2r, long s2Ttb) implements Ring.Slot {
    /** One without a stage-2 table. */
    public StreamTableEntry(boolean valid, int config, int s1Fmt, long s1ContextPtr, int s1CdMax, int s1Dss, boolean ppar,
            boolean s1Stalld, int eats, int strw, int s2Vmid, boolean s2s, boolean s2r) {
        this(valid, config, s1Fmt, s1ContextPtr, s1CdMax, s1Dss, ppar, s1Stalld, eats, strw, s2Vmid, s2s, s2r, 0);
    }

    /** 64-bit words in an entry. */
    public static final int WORDS = 8;

    /** Config: transactions are aborted, and nothing is recorded. */
    public static final int ABORT = 0;

    /** Config: nothing is translated. */
    public static final int BYPASS = 4;

    /** Config: stage 1 translates. */
    public static final int STAGE_1 = 5;

    /** Config: stage 2 does, which the model has below stage 1 alone. */
    public static final int STAGE_2 = 6;

    /** Config: stage 1 translates, and stage 2 what it finds. */
    public static final int NESTED = 7;

    /** S1Fmt: one table of descriptors. */
    public static final int LINEAR = 0;

    /** S1Fmt: two levels, the second of 64 KiB: 1024 descriptors. */
    public static final int TWO_LEVELS_64K = 2;

    /** S1DSS: a transaction without a SubstreamID is terminated. */
    public static final int TERMINATE = 0;

    /** S1DSS: it uses descriptor 0, which no transaction with a SubstreamID may: 0 stands for a transaction without one. */
    public static final int SSID0 = 2;

    /** EATS: translation requests are answered. */
    public static final int EATS_TRANS = 1;

    /** STRW: Non-secure EL1. */
    public static final int NS_EL1 = 0;

    /** STRW: EL2, or with CR2.E2H EL2-E2H. */
    public static final int EL2 = 2;

    /** S1CIR, S1COR: write-back; S1CSH: inner shareable, as Linux has them. */
    private static final long CACHED = 1L << 2 | 1L << 4 | 3L << 6;

    /** S2T0SZ 16, S2SL0 2, write-back, inner shareable, S2PS 5: four levels of 4 KiB tables for 48 bits; S2AA64, S2PTW. */
    private static final long STAGE_2_48_BITS = 16L << 32 | 2L << 38 | 1L << 40 | 1L << 42 | 3L << 44 | 5L << 48 | 1L << 51 | 1L << 54;

    /** An entry that aborts everything (arm_smmu_make_abort_ste). */
    public static final StreamTableEntry ABORTS =
            new StreamTableEntry(true, ABORT, LINEAR, 0, 0, TERMINATE, false, false, 0, NS_EL1, 0, false, false);

    /** What Linux writes for a device whose PASIDs have descriptors (arm_smmu_make_cdtable_ste). */
    public static StreamTableEntry translating(int s1Fmt, long contexts, int s1CdMax, boolean stalls, boolean ats, int strw) {
        return new StreamTableEntry(true, STAGE_1, s1Fmt, contexts, s1CdMax, SSID0, false, !stalls, ats ? EATS_TRANS : 0, strw, 0,
                false, false);
    }

    /** The same on a stage-2 table: arm_smmu_make_nested_cd_table_ste. */
    StreamTableEntry nested(int vmid, long table) {
        return new StreamTableEntry(valid, NESTED, s1Fmt, s1ContextPtr, s1CdMax, s1Dss, ppar, s1Stalld, eats, NS_EL1, vmid, false, true, table);
    }

    /**
     * Whether an entry, by its words, translates for a SubstreamID: it is not {@link #bad}, and nothing of the rest is against it.
     *
     * @param ats whether it is asked by a translation request
     */
    static boolean translates(long first, long second, long fourth, int subStreamBits, boolean ats, int ssid) {
        int config = field(first, 1, 3);
        int s1CdMax = field(first, 59, 5);
        int strw = field(second, 30, 2);
        boolean stage1 = config == STAGE_1 && (strw == NS_EL1 || strw == EL2) || config == NESTED && fourth != 0 && strw == NS_EL1;
        boolean format = s1CdMax == 0 || field(first, 4, 2) != 3 && s1CdMax <= subStreamBits;
        boolean request = !ats || field(second, 28, 2) == EATS_TRANS;
        boolean place = ssid >>> s1CdMax == 0 && (ssid != 0 || field(second, 0, 2) == SSID0);
        return has(first, 0) && stage1 && format && request && place;
    }

    /** Whether stage 1 translates. */
    boolean stage1() {
        return config == STAGE_1 || config == NESTED;
    }

    /** An entry from the first four of its words; the others are not the model's. */
    public static StreamTableEntry decode(long first, long second, long third, long fourth) {
        return new StreamTableEntry(has(first, 0), field(first, 1, 3), field(first, 4, 2), Bits.address(first, 51, 6),
                field(first, 59, 5), field(second, 0, 2), has(second, 18), has(second, 27), field(second, 28, 2), field(second, 30, 2),
                field(third, 0, 16), has(third, 57), has(third, 58), Bits.address(fourth, 51, 4));
    }

    /** A word of the entry; what it does not name is 0, but for the table's cacheability, which Linux sets with stage 1. */
    @Override
    public long word(int index) {
        return switch (index) {
            case 0 -> bit(valid, 0) | put(config, 1, 3) | put(s1Fmt, 4, 2) | Bits.address(s1ContextPtr, 51, 6) | put(s1CdMax, 59, 5);
            case 1 -> put(s1Dss, 0, 2) | (config == STAGE_1 || config == NESTED && s2Ttb != 0 ? CACHED : 0) | bit(ppar, 18)
                    | bit(s1Stalld, 27) | put(eats, 28, 2) | put(strw, 30, 2);
            case 2 -> put(s2Vmid, 0, 16) | (s2Ttb != 0 ? STAGE_2_48_BITS : 0) | bit(s2s, 57) | bit(s2r, 58);
            case 3 -> Bits.address(s2Ttb, 51, 4);
            default -> 0;
        };
    }

    /** Config[2] is 0: an abort, whatever the others say. */
    boolean aborts() {
        return config < BYPASS;
    }

    /** Whether the entry is one that the SMMU cannot use (C_BAD_STE): one has stage 1, by itself or on a table of stage 2. */
    boolean bad(int subStreamBits) {
        boolean stage2 = config == STAGE_2 || config == NESTED && s2Ttb == 0;
        boolean format = stage1() && s1CdMax > 0 && (s1Fmt == 3 || s1CdMax > subStreamBits);
        boolean world = config == STAGE_1 && strw != NS_EL1 && strw != EL2 || config == NESTED && strw != NS_EL1;
        return !valid || stage2 || format || world;
    }
}
