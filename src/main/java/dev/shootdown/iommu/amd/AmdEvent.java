package dev.shootdown.iommu.amd;

import dev.shootdown.iommu.Iommus;
import dev.shootdown.iommu.LogFormat;
import dev.shootdown.iommu.Ring;
import java.util.Locale;

/**
 * An entry of AMD's event log: 16 bytes, the code in 63:60. An INVALID_PPR_REQUEST has the fields of the page request.
 *
 * @param device requester id
 * @param pasid  the PASID where {@link #GN} is set (19:0), otherwise the domain id
 * @param flags  bits 59:48, as the kernel prints them
 * @param tag    of an INVALID_PPR_REQUEST: bits 8:0 the PRG index, bit 9 last of its group; else 0
 */
public record AmdEvent(int code, int device, int pasid, int flags, long address, int tag) implements Ring.Slot {
    public static final int ILLEGAL_DEV_TABLE_ENTRY = 1;
    public static final int IO_PAGE_FAULT = 2;
    public static final int DEV_TAB_HARDWARE_ERROR = 3;
    public static final int PAGE_TAB_HARDWARE_ERROR = 4;
    public static final int ILLEGAL_COMMAND_ERROR = 5;
    public static final int COMMAND_HARDWARE_ERROR = 6;
    public static final int IOTLB_INV_TIMEOUT = 7;
    public static final int INVALID_DEVICE_REQUEST = 8;
    public static final int INVALID_PPR_REQUEST = 9;

    /** The PASID counts. */
    public static final int GN = 0x001;
    /** An instruction fetch. */
    public static final int NX = 0x002;
    /** A user's access. */
    public static final int US = 0x004;
    /** The entry was present. */
    public static final int PR = 0x010;
    /** A write. */
    public static final int RW = 0x020;
    /** The permission was missing. */
    public static final int PE = 0x040;
    /** A reserved bit was set. */
    public static final int RZ = 0x080;
    /** A translation request. */
    public static final int TR = 0x100;
    /** Of a hardware error, in 58:57: nobody is at the address. */
    public static final int MASTER_ABORT = 1 << 9;

    private static final int CODE_SHIFT = 60;
    private static final int FLAGS_SHIFT = 48;
    private static final int TAG_MASK = 0x3ff;

    /** One that has no tag. */
    public AmdEvent(int code, int device, int pasid, int flags, long address) {
        this(code, device, pasid, flags, address, 0);
    }

    public static AmdEvent decode(long low, long high) {
        int code = (int) (low >>> CODE_SHIFT);
        int flags = (int) (low >>> FLAGS_SHIFT) & 0xfff;
        int middle = (int) (low >>> 16) & 0xffff;
        if (code == INVALID_PPR_REQUEST) {
            int pasid = middle | ((int) (low >>> 42) & 0xf) << 16;
            return new AmdEvent(code, (int) low & 0xffff, pasid, flags, high, (int) (low >>> 32) & TAG_MASK);
        }
        return new AmdEvent(code, (int) low & 0xffff, (int) (low >>> 32) & 0xffff | (middle & 0xf) << 16, flags, high);
    }

    @Override
    public long word(int index) {
        if (index != 0) {
            return address;
        }
        long common = (long) code << CODE_SHIFT | (long) flags << FLAGS_SHIFT | device;
        return common | (code == INVALID_PPR_REQUEST
                ? (pasid >>> 16 & 0xfL) << 42 | (long) (tag & TAG_MASK) << 32 | (pasid & 0xffffL) << 16
                : (pasid & 0xffffL) << 32 | (pasid >>> 16 & 0xfL) << 16);
    }

    /** What the newest kernel prints of it: iommu_print_event. */
    public String log() {
        return log(LogFormat.LINUX_6);
    }

    /** What a kernel prints of it: iommu_print_event, amd_iommu_report_page_fault. Without the dump that may follow. */
    public String log(LogFormat format) {
        return "AMD-Vi: Event logged [" + text(format) + "]";
    }

    private String text(LogFormat format) {
        String where = " address=0x" + format.address(address);
        String flagged = where + String.format(Locale.ROOT, " flags=0x%04x", flags);
        String who = " device=" + Iommus.address(device, !format.padded());
        String process = format.padded() ? "" : String.format(Locale.ROOT, " pasid=0x%05x", pasid);
        String domain = String.format(Locale.ROOT, " domain=0x%04x", pasid & 0xffff);
        return switch (code) {
            case ILLEGAL_DEV_TABLE_ENTRY -> "ILLEGAL_DEV_TABLE_ENTRY" + who + process + flagged;
            case IO_PAGE_FAULT -> "IO_PAGE_FAULT" + (format.namesFaultingDevice() ? who : "") + domain + flagged;
            case DEV_TAB_HARDWARE_ERROR -> "DEV_TAB_HARDWARE_ERROR" + who + flagged;
            case PAGE_TAB_HARDWARE_ERROR -> "PAGE_TAB_HARDWARE_ERROR" + who
                    + (format.padded() ? domain : String.format(Locale.ROOT, " pasid=0x%04x", pasid)) + flagged;
            case ILLEGAL_COMMAND_ERROR -> "ILLEGAL_COMMAND_ERROR" + where;
            case COMMAND_HARDWARE_ERROR -> "COMMAND_HARDWARE_ERROR" + flagged;
            case IOTLB_INV_TIMEOUT -> "IOTLB_INV_TIMEOUT" + who + where;
            case INVALID_DEVICE_REQUEST -> "INVALID_DEVICE_REQUEST" + who + process + flagged;
            case INVALID_PPR_REQUEST -> format.padded() ? unknown(format)
                    : "INVALID_PPR_REQUEST" + who + process + flagged + String.format(Locale.ROOT, " tag=0x%03x", tag);
            default -> unknown(format);
        };
    }

    /** What the kernel does not know: its type alone, or all of it. */
    private String unknown(LogFormat format) {
        return format.padded()
                ? String.format(Locale.ROOT, "UNKNOWN type=0x%02x", code)
                : String.format(Locale.ROOT, "UNKNOWN event[0]=0x%08x event[1]=0x%08x event[2]=0x%08x event[3]=0x%08x",
                        (int) word(0), (int) (word(0) >>> 32), (int) word(1), (int) (word(1) >>> 32));
    }
}
