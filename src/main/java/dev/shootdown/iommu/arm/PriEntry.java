package dev.shootdown.iommu.arm;

import static dev.shootdown.iommu.Bits.bit;
import static dev.shootdown.iommu.Bits.field;
import static dev.shootdown.iommu.Bits.has;
import static dev.shootdown.iommu.Bits.put;

import dev.shootdown.iommu.Bits;
import dev.shootdown.iommu.Ring;
import dev.shootdown.memory.Translation;
import java.util.Locale;

/**
 * An entry of the PRI queue: 16 bytes (IHI 0070, 8.2; arm-smmu-v3.h: PRIQ_0_SID).
 *
 * @param ssv   whether the request carried a PASID
 * @param last  of its group
 * @param group the PRG index
 */
public record PriEntry(int sid, int ssid, boolean privileged, boolean execute, boolean read, boolean write, boolean last, boolean ssv,
        int group, long address) implements Ring.Slot {
    public static PriEntry decode(long low, long high) {
        return new PriEntry((int) low, field(low, 32, 20), has(low, 58), has(low, 59), has(low, 60), has(low, 61), has(low, 62),
                has(low, 63), field(high, 0, 9), Bits.address(high, 63, 12));
    }

    @Override
    public long word(int index) {
        return index == 0
                ? put(sid, 0, 32) | put(ssid, 32, 20) | bit(privileged, 58) | bit(execute, 59) | bit(read, 60) | bit(write, 61)
                        | bit(last, 62) | bit(ssv, 63)
                : put(group, 0, 9) | Bits.address(address, 63, 12);
    }

    /** Last, with a PASID, and asking for nothing: a stop marker, which is not answered. */
    public boolean stopMarker() {
        return last && ssv && !read && !write;
    }

    /** The access asked for, as {@link Translation} permissions. */
    int access() {
        return (read ? Translation.READ : 0) | (write ? Translation.WRITE : 0) | (execute ? Translation.EXECUTE : 0)
                | (privileged ? Translation.PRIVILEGED : 0);
    }

    /** The line that a driver without a use for page requests prints (arm_smmu_handle_ppr). */
    public String log(String smmu) {
        return String.format(Locale.ROOT,
                "arm-smmu-v3 %s: unexpected PRI request received:\narm-smmu-v3 %1$s: \tsid 0x%08x.0x%05x: [%d%s] %sprivileged %s%s%s"
                        + " access at iova 0x%016x",
                smmu, sid, ssid, group, last ? "L" : "", privileged ? "" : "un", read ? "R" : "", write ? "W" : "",
                execute ? "X" : "", address);
    }
}
