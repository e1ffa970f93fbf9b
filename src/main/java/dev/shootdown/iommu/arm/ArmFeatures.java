package dev.shootdown.iommu.arm;

/**
 * What an SMMU has and how it was set up, where Linux minds.
 *
 * @param ranges      IDR3.RIL: it invalidates ranges; otherwise page by page
 * @param twoLevels   IDR0.ST_LEVEL: the stream table has two levels; otherwise one, of {@link #LINEAR_BITS}
 * @param e2h         CR2.E2H: its streams are of EL2-E2H, as where the kernel runs at EL2
 * @param atsCheck    CR0.ATSCHK: accesses with translated addresses are checked against the stream table
 * @param recordsAts  CR2.REC_CFG_ATS: translation requests that end at bad tables are recorded
 */
public record ArmFeatures(boolean ranges, boolean twoLevels, boolean e2h, boolean atsCheck, boolean recordsAts) {
    /** Bits of a StreamID that a table of one level serves here: 31 devices. */
    static final int LINEAR_BITS = 8;

    /** A recent one, as Linux sets it up (arm_smmu_device_reset). */
    public static final ArmFeatures DEFAULT = new ArmFeatures(true, true, false, true, false);

    public ArmFeatures ranges(boolean on) {
        return new ArmFeatures(on, twoLevels, e2h, atsCheck, recordsAts);
    }

    public ArmFeatures twoLevels(boolean on) {
        return new ArmFeatures(ranges, on, e2h, atsCheck, recordsAts);
    }

    public ArmFeatures e2h(boolean on) {
        return new ArmFeatures(ranges, twoLevels, on, atsCheck, recordsAts);
    }

    public ArmFeatures atsCheck(boolean on) {
        return new ArmFeatures(ranges, twoLevels, e2h, on, recordsAts);
    }

    public ArmFeatures recordsAts(boolean on) {
        return new ArmFeatures(ranges, twoLevels, e2h, atsCheck, on);
    }
}
