package dev.shootdown.iommu.intel;

import static dev.shootdown.iommu.Bits.bit;
import static dev.shootdown.iommu.Bits.field;
import static dev.shootdown.iommu.Bits.has;
import static dev.shootdown.iommu.Bits.put;

import dev.shootdown.iommu.Iommus;
import dev.shootdown.iommu.LogFormat;
import dev.shootdown.iommu.Ring;
import dev.shootdown.memory.Frames;
import java.util.Locale;

/**
 * A fault recording register: 128 bits (VT-d 11.4.7.7). F, the highest bit, says that it is filled.
 *
 * @param address      63:12 of the request's address
 * @param device       SID: the source-id
 * @param privileged   PRIV
 * @param execute      EXE
 * @param pasidPresent PP
 * @param reason       FR: {@link FaultReason#code}
 * @param pasid        PV, where {@code pasidPresent}
 * @param type         AT: 0 untranslated, 1 a translation request, 2 translated
 * @param read         T1: a read
 * @param page         T2: a page request, as devices that do nothing atomically have it; a write, where it is neither
 */
public record FaultRecord(long address, int device, boolean privileged, boolean execute, boolean pasidPresent, int reason, int pasid,
        int type, boolean read, boolean page) implements Ring.Slot {
    public static final int UNTRANSLATED = 0;
    public static final int TRANSLATION_REQUEST = 1;
    public static final int TRANSLATED = 2;

    private static final int FILLED = 63;

    /** One of a read or a write. */
    public FaultRecord(long address, int device, boolean privileged, boolean execute, boolean pasidPresent, int reason, int pasid,
            int type, boolean read) {
        this(address, device, privileged, execute, pasidPresent, reason, pasid, type, read, false);
    }

    public static FaultRecord decode(long low, long high) {
        return new FaultRecord(low & -Frames.PAGE_SIZE, field(high, 0, 16), has(high, 29), has(high, 30), has(high, 31),
                field(high, 32, 8), field(high, 40, 20), field(high, 60, 2), has(high, 62), has(high, 28));
    }

    @Override
    public long word(int index) {
        return index == 0
                ? address & -Frames.PAGE_SIZE
                : device | bit(page, 28) | bit(privileged, 29) | bit(execute, 30) | bit(pasidPresent, 31) | put(reason, 32, 8) | put(pasid, 40, 20)
                        | put(type, 60, 2) | bit(read, 62) | bit(true, FILLED);
    }

    /** What the newest kernel prints of it: drivers/iommu/intel/dmar.c: dmar_fault_do_one. */
    public String log() {
        return log(LogFormat.LINUX_6);
    }

    /** What a kernel prints of it. Those before 5.0 know no reason of scalable mode, those before 5.10 no PASID, and none page requests. */
    public String log(LogFormat format) {
        String access = read ? "DMA Read" : "DMA Write";
        String who = Iommus.address(device, false);
        return switch (format) {
            case LINUX_3 -> String.format(Locale.ROOT, "dmar: DMAR:[%s] Request device [%s] fault addr %x \nDMAR:[fault reason %02d] %s",
                    access, who, address, reason, text(format));
            case LINUX_4 -> String.format(Locale.ROOT, "DMAR: [%s] Request device [%s] fault addr %x [fault reason %02d] %s", access, who,
                    address, reason, text(format));
            case LINUX_6 -> String.format(Locale.ROOT, "DMAR: [%s %s] Request device [%s] fault addr 0x%x [fault reason 0x%02x] %s", access,
                    pasidPresent ? "PASID 0x" + Integer.toHexString(pasid) : "NO_PASID", who, address, reason, text(format));
        };
    }

    private String text(LogFormat format) {
        FaultReason found = FaultReason.of(reason);
        return found == null || format != LogFormat.LINUX_6 && !found.legacy() ? FaultReason.UNKNOWN : found.text();
    }
}
