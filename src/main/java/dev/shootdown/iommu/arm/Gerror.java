package dev.shootdown.iommu.arm;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Global errors: bits of SMMU_GERROR, active where SMMU_GERRORN differs (IHI 0070, 6.3.19; arm-smmu-v3.h: GERROR_CMDQ_ERR). */
public enum Gerror {
    CMDQ_ERR(0),
    EVENTQ_ABT_ERR(2),
    PRIQ_ABT_ERR(3),
    MSI_CMDQ_ABT_ERR(4),
    MSI_EVENTQ_ABT_ERR(5),
    MSI_PRIQ_ABT_ERR(6),
    MSI_GERROR_ABT_ERR(7),
    SFM_ERR(8);

    private final int bit;

    Gerror(int bit) {
        this.bit = bit;
    }

    /** Its bit in the register. */
    public long mask() {
        return 1L << bit;
    }

    /** What the handler prints for the errors that are active, but for the command queue's own (arm_smmu_gerror_handler). */
    static List<String> log(String smmu, long active) {
        String prefix = "arm-smmu-v3 " + smmu + ": ";
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "%sunexpected global error reported (0x%08x), this could be serious", prefix, active));
        for (Gerror error : values()) {
            if ((active & error.mask()) != 0 && error != CMDQ_ERR) {
                lines.add(prefix + error.line());
            }
        }
        return lines;
    }

    private String line() {
        return switch (this) {
            case CMDQ_ERR -> "";
            case EVENTQ_ABT_ERR -> "EVTQ write aborted -- events may have been lost";
            case PRIQ_ABT_ERR -> "PRIQ write aborted -- events may have been lost";
            case MSI_CMDQ_ABT_ERR -> "CMDQ MSI write aborted";
            case MSI_EVENTQ_ABT_ERR -> "EVTQ MSI write aborted";
            case MSI_PRIQ_ABT_ERR -> "PRIQ MSI write aborted";
            case MSI_GERROR_ABT_ERR -> "GERROR MSI write aborted";
            case SFM_ERR -> "device has entered Service Failure Mode!";
        };
    }
}
