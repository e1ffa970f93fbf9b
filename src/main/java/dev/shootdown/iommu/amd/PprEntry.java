package dev.shootdown.iommu.amd;

import dev.shootdown.iommu.Iommus;
import dev.shootdown.iommu.Ring;
import dev.shootdown.memory.Translation;
import java.util.Locale;

/**
 * An entry of AMD's page-request log: 16 bytes, type 1 (page service request) in 63:60.
 *
 * @param device requester id
 * @param tag    bits 8:0 the PRG index, bit 9 last of its group
 * @param flags  bits 59:48
 */
record PprEntry(int device, int pasid, int tag, int flags, long address) implements Ring.Slot {
    static final int EXECUTE = 0x002;
    static final int READ = 0x004;
    static final int WRITE = 0x020;
    static final int USER = 0x040;
    /** The PASID is valid. */
    static final int GN = 0x100;
    static final int LAST = 1 << 9;
    static final int INDEX = LAST - 1;

    private static final int TYPE_SHIFT = 60;
    private static final long TYPE = 1;

    static PprEntry decode(long low, long high) {
        return new PprEntry((int) low & 0xffff, (int) (low >>> 16) & 0xffff | ((int) (low >>> 42) & 0xf) << 16,
                (int) (low >>> 32) & 0x3ff, (int) (low >>> 48) & 0xfff, high);
    }

    /** Of a request with a PASID or, where that is 0, without one. */
    static int flags(int access, int pasid) {
        return (pasid == 0 ? 0 : GN) | (Translation.allows(access, Translation.PRIVILEGED) ? 0 : USER)
                | (Translation.allows(access, Translation.READ) ? READ : 0)
                | (Translation.allows(access, Translation.WRITE) ? WRITE : 0)
                | (Translation.allows(access, Translation.EXECUTE) ? EXECUTE : 0);
    }

    /** What the kernel notes of one without a PASID: ppr_is_valid. */
    String ignored() {
        return String.format(Locale.ROOT, "AMD-Vi: PPR logged [Request ignored due to GN=0 (device=%s pasid=0x%05x address=0x%x flags=0x%04x"
                + " tag=0x%03x]", Iommus.address(device, true), pasid, address, flags, tag);
    }

    /** The access asked for, as {@link Translation} permissions. */
    int access() {
        return ((flags & READ) != 0 ? Translation.READ : 0) | ((flags & WRITE) != 0 ? Translation.WRITE : 0)
                | ((flags & EXECUTE) != 0 ? Translation.EXECUTE : 0)
                | ((flags & USER) == 0 ? Translation.PRIVILEGED : 0);
    }

    @Override
    public long word(int index) {
        return index == 0
                ? TYPE << TYPE_SHIFT | (long) flags << 48 | (pasid >>> 16 & 0xfL) << 42 | (long) tag << 32
                        | (pasid & 0xffffL) << 16 | device
                : address;
    }
}
