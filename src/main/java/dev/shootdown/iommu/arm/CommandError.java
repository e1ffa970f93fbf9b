package dev.shootdown.iommu.arm;

import java.util.Locale;

/** Why consumption of commands stopped: CMDQ_CONS.ERR, bits 30:24 (IHI 0070, 7.1). */
public enum CommandError {
    NONE("No error"),
    ILL("Illegal command"),
    ABT("Abort on command fetch"),
    ATC_INV_SYNC("ATC invalidate timeout");

    private static final int SHIFT = 24;

    private final String text;

    CommandError(String text) {
        this.text = text;
    }

    /** In its place in CMDQ_CONS. */
    long field() {
        return (long) ordinal() << SHIFT;
    }

    /** The line that Linux prints for it (__arm_smmu_cmdq_skip_err). */
    String log(String smmu, long consumer) {
        return String.format(Locale.ROOT, "arm-smmu-v3 %s: CMDQ error (cons 0x%08x): %s", smmu, consumer, text);
    }
}
