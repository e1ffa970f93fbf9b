package dev.shootdown.iommu.arm;

import static dev.shootdown.iommu.Bits.bit;
import static dev.shootdown.iommu.Bits.field;
import static dev.shootdown.iommu.Bits.has;
import static dev.shootdown.iommu.Bits.put;

import dev.shootdown.iommu.Bits;
import dev.shootdown.iommu.Ring;

/**
 * What of a context descriptor (CD, 64 bytes; IHI 0070, 5.4; arm-smmu-v3.h: CTXDESC_CD) the model uses: where one
 * SubstreamID's translation table is, and what a fault does.
 *
 * @param t0sz  64 - bits of an input address
 * @param tg0   the granule: 0 for 4 KiB
 * @param epd0  no walk: everything is a translation fault
 * @param ips   the output's size: 0 for 32 bits, ... 5 for 48, 6 for 52
 * @param aa64  the table is of AArch64's form
 * @param ha    hardware sets the access flag
 * @param hd    hardware sets the dirty state
 * @param stall a fault stalls
 * @param record a fault is recorded
 * @param abort a fault is an abort to the device, rather than reads of zero and ignored writes
 * @param aset  the ASID is not one of those that CPUs broadcast for
 * @param asid  the tag of its translations
 * @param ttb0  the top table
 */
public record ContextDescriptor(boolean valid, int t0sz, int tg0, boolean epd0, int ips, boolean aa64, boolean ha, boolean hd,
        boolean stall, boolean record, boolean abort, boolean aset, int asid, long ttb0) implements Ring.Slot {
    /** 64-bit words in a descriptor. */
    public static final int WORDS = 8;

    /** No descriptor: V=0. */
    public static final ContextDescriptor NONE =
            new ContextDescriptor(false, 0, 0, false, 0, false, false, false, false, false, false, false, 0, 0);

    /** IPS of 48 bits. */
    static final int IPS_48 = 5;

    private static final int[] OUTPUT_BITS = {32, 36, 40, 42, 44, 48, 52, 56};
    /** IRGN0, ORGN0: write-back; SH0: inner shareable. */
    private static final long CACHED = 1L << 8 | 1L << 10 | 3L << 12;
    private static final int EPD1 = 30;
    private static final int SMALLEST_T0SZ = 7;
    private static final int LARGEST_T0SZ = 39;

    /** What Linux writes for a process's table (arm_smmu_make_sva_cd); the model's SMMU sets access flag and dirty state. */
    public static ContextDescriptor sva(long table, int asid, int addressBits, boolean stalls) {
        return new ContextDescriptor(true, 64 - addressBits, 0, false, IPS_48, true, true, true, stalls, true, true, true, asid, table);
    }

    /** A descriptor that is valid and translates nothing, quietly: what stays when the process has gone (arm_smmu_mm_release). */
    public static ContextDescriptor quiet(int asid) {
        return new ContextDescriptor(true, 0, 0, true, IPS_48, true, true, true, false, false, true, true, asid, 0);
    }

    /** A descriptor from the first two of its words; the others are not the model's. */
    public static ContextDescriptor decode(long first, long second) {
        return new ContextDescriptor(has(first, 31), field(first, 0, 6), field(first, 6, 2), has(first, 14), field(first, 32, 3),
                has(first, 41), has(first, 43), has(first, 42), has(first, 44), has(first, 45), has(first, 46), has(first, 47),
                field(first, 48, 16), Bits.address(second, 51, 4));
    }

    /** A word of it; what it does not name is 0, but for EPD1 and the walk's cacheability, which Linux sets. */
    @Override
    public long word(int index) {
        return switch (index) {
            case 0 -> put(t0sz, 0, 6) | put(tg0, 6, 2) | (valid && !epd0 ? CACHED : 0) | bit(epd0, 14) | bit(valid, EPD1)
                    | bit(valid, 31) | put(ips, 32, 3) | bit(aa64, 41) | bit(hd, 42) | bit(ha, 43) | bit(stall, 44)
                    | bit(record, 45) | bit(abort, 46) | bit(aset, 47) | put(asid, 48, 16);
            case 1 -> Bits.address(ttb0, 51, 4);
            default -> 0;
        };
    }

    /** Bits of an address that it translates. */
    int inputBits() {
        return 64 - t0sz;
    }

    /** Whether it is one that the SMMU cannot use (C_BAD_CD). */
    boolean bad() {
        return bad(word(0), word(1));
    }

    /** The same by its words: not valid, of AArch32, of another granule or of no size, or its table's address too large. */
    static boolean bad(long first, long second) {
        int t0sz = field(first, 0, 6);
        boolean size = !has(first, 14) && (t0sz < SMALLEST_T0SZ || t0sz > LARGEST_T0SZ || field(first, 6, 2) != 0);
        boolean outside = Bits.address(second, 51, 4) >>> OUTPUT_BITS[field(first, 32, 3)] != 0;
        return !has(first, 31) || !has(first, 41) || size || has(first, 42) && !has(first, 43) || outside;
    }
}
