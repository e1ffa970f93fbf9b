package dev.shootdown.iommu.intel;

import static dev.shootdown.iommu.Bits.bit;
import static dev.shootdown.iommu.Bits.field;
import static dev.shootdown.iommu.Bits.has;
import static dev.shootdown.iommu.Bits.put;

import dev.shootdown.iommu.Ring;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Translation;

/**
 * An entry of the page-request queue: 256 bits, type 1 in 7:0, the upper 128 zero (VT-d 7.4.1).
 *
 * @param pasidPresent PP
 * @param device       RID: the requester id
 * @param execute      execution is asked for
 * @param privileged   for supervisor mode
 * @param last         LPIG: the last of its group
 * @param group        the PRG index
 */
public record PageRequestDescriptor(boolean pasidPresent, int device, int pasid, boolean execute, boolean privileged, boolean read,
        boolean write, boolean last, int group, long address) implements Ring.Slot {
    private static final int TYPE = 1;

    public static PageRequestDescriptor decode(long low, long high) {
        return new PageRequestDescriptor(has(low, 8), field(low, 16, 16), field(low, 32, 20), has(low, 52), has(low, 53), has(high, 0),
                has(high, 1), has(high, 2), field(high, 3, 9), high & -Frames.PAGE_SIZE);
    }

    @Override
    public long word(int index) {
        return switch (index) {
            case 0 -> TYPE | bit(pasidPresent, 8) | put(device, 16, 16) | put(pasid, 32, 20) | bit(execute, 52) | bit(privileged, 53);
            case 1 -> address & -Frames.PAGE_SIZE | bit(read, 0) | bit(write, 1) | bit(last, 2) | put(group, 3, 9);
            default -> 0;
        };
    }

    /** The access asked for, as {@link Translation} permissions. */
    int access() {
        return (read ? Translation.READ : 0) | (write ? Translation.WRITE : 0) | (execute ? Translation.EXECUTE : 0)
                | (privileged ? Translation.PRIVILEGED : 0);
    }
}
