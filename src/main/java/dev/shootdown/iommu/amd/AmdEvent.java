package dev.shootdown.iommu.amd;

import dev.shootdown.iommu.Ring;
import java.util.Locale;

/**
 * An entry of AMD's event log: 16 bytes, the code in 63:60.
 *
 * @param device requester id
 * @param pasid  the PASID where {@link #GN} is set (19:0), otherwise the domain id
 * @param flags  bits 59:48, as the kernel prints them
 */
public record AmdEvent(int code, int device, int pasid, int flags, long address) implements Ring.Slot {
    public static final int IO_PAGE_FAULT = 2;
    public static final int ILLEGAL_COMMAND_ERROR = 5;
    public static final int IOTLB_INV_TIMEOUT = 7;

    /** The PASID counts. */
    public static final int GN = 0x001;
    /** A user's access. */
    public static final int US = 0x004;
    /** The entry was present. */
    public static final int PR = 0x010;
    /** A write. */
    public static final int RW = 0x020;
    /** The permission was missing. */
    public static final int PE = 0x040;

    private static final int CODE_SHIFT = 60;

    public static AmdEvent decode(long low, long high) {
        return new AmdEvent((int) (low >>> CODE_SHIFT), (int) low & 0xffff,
                (int) (low >>> 32) & 0xffff | ((int) (low >>> 16) & 0xf) << 16, (int) (low >>> 48) & 0xfff, high);
    }

    @Override
    public long word(int index) {
        return index == 0
                ? (long) code << CODE_SHIFT | (long) flags << 48 | (pasid & 0xffffL) << 32
                        | (pasid >>> 16 & 0xfL) << 16 | device
                : address;
    }

    /** What the kernel prints of it: iommu_print_event. */
    public String log() {
        return switch (code) {
            case IO_PAGE_FAULT -> line("IO_PAGE_FAULT domain=0x%04x address=0x%x flags=0x%04x",
                    pasid & 0xffff, address, flags);
            case ILLEGAL_COMMAND_ERROR -> line("ILLEGAL_COMMAND_ERROR address=0x%x", address);
            case IOTLB_INV_TIMEOUT -> line("IOTLB_INV_TIMEOUT device=%02x:%02x.%x address=0x%x",
                    device >>> 8, device >>> 3 & 0x1f, device & 7, address);
            default -> line("UNKNOWN event[0]=0x%016x event[1]=0x%016x", word(0), word(1));
        };
    }

    private static String line(String format, Object... values) {
        return "AMD-Vi: Event logged [" + String.format(Locale.ROOT, format, values) + "]";
    }
}
