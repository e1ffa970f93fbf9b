package dev.shootdown.iommu.intel;

import dev.shootdown.iommu.LogFormat;
import java.util.Locale;

/**
 * What the fault status and the invalidation queue error record say when the queue has stopped (VT-d 11.4.4.1, 11.4.9.9),
 * and what the kernel prints of it (drivers/iommu/intel/dmar.c: qi_dump_fault, 5.13 and later).
 *
 * @param status FSTS: {@link #IQE} or {@link #ITE}
 * @param device ITESID: who did not complete in time
 * @param low    bits 63:0 of the descriptor at the head
 * @param high   bits 127:64 of it
 */
public record QueueError(int status, int device, long low, long high) {
    /** Invalidation queue error: a descriptor that is none. */
    public static final int IQE = 1 << 4;
    /** Invalidation time-out error. */
    public static final int ITE = 1 << 6;

    /** What a kernel prints: qi_check_fault, of a descriptor alone; from 5.13 on qi_dump_fault, with what stands at the head. */
    public String log(LogFormat format) {
        String invalid = String.format(Locale.ROOT, "VT-d detected invalid descriptor: low=%x, high=%x", low, high);
        return switch (format) {
            case LINUX_3 -> status == IQE ? "dmar: " + invalid : "";
            case LINUX_4 -> status == IQE ? "DMAR: " + invalid : "";
            case LINUX_6 -> log() + "\n" + headLog();
        };
    }

    /** The newest kernel's first line. IQEI is 0: hardware need not say why it does not know a descriptor. */
    public String log() {
        return status == IQE
                ? "DMAR: VT-d detected Invalidation Queue Error: Reason 0"
                : String.format(Locale.ROOT, "DMAR: VT-d detected Invalidation Time-out Error: SID %x", device);
    }

    /** Its second line. */
    public String headLog() {
        return String.format(Locale.ROOT, "DMAR: QI HEAD: %s qw0 = 0x%x, qw1 = 0x%x", typeText((int) low & 0xf), low, high);
    }

    private static String typeText(int type) {
        return switch (type) {
            case QiDescriptor.ContextCache.TYPE -> "Context-cache Invalidation";
            case QiDescriptor.Iotlb.TYPE -> "IOTLB Invalidation";
            case QiDescriptor.DeviceTlb.TYPE -> "Device-TLB Invalidation";
            case QiDescriptor.InterruptEntryCache.TYPE -> "Interrupt Entry Cache Invalidation";
            case QiDescriptor.Wait.TYPE -> "Invalidation Wait";
            case QiDescriptor.PasidIotlb.TYPE -> "PASID-based IOTLB Invalidation";
            case QiDescriptor.PasidCache.TYPE -> "PASID-cache Invalidation";
            case QiDescriptor.PasidDeviceTlb.TYPE -> "PASID-based Device-TLB Invalidation";
            case QiDescriptor.PageGroupResponse.TYPE -> "Page Group Response";
            default -> "UNKNOWN";
        };
    }
}
