package dev.shootdown.iommu.intel;

import static dev.shootdown.iommu.Bits.field;
import static dev.shootdown.iommu.Bits.ones;
import static dev.shootdown.iommu.Bits.put;

/**
 * The root table address register, at 0x20 (VT-d 11.4.5), as software has set it by the Set Root Table Pointer command.
 *
 * @param table RTA: physical address of the root table
 * @param mode  TTM
 */
public record RootTableAddress(long table, Mode mode) {
    private static final long ADDRESS = ones(12, 52);

    /** Translation table modes, by their codes. */
    public enum Mode {
        /** Root and context tables that know no PASIDs. */
        LEGACY,
        /** Scalable-mode root and context tables. */
        SCALABLE,
        /** Once extended mode; no hardware knows it any more. */
        RESERVED,
        /** Nothing comes in (ECAP.ADMS). */
        ABORT_DMA;

        private static final Mode[] ALL = values();
    }

    public static RootTableAddress decode(long register) {
        return new RootTableAddress(register & ADDRESS, Mode.ALL[field(register, 10, 2)]);
    }

    public long encode() {
        return table & ADDRESS | put(mode.ordinal(), 10, 2);
    }
}
