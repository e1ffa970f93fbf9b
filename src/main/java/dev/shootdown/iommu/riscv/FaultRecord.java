package dev.shootdown.iommu.riscv;

import dev.shootdown.iommu.Endpoint;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.iommu.Ring;
import java.util.Locale;

/**
 * A record of the fault queue: 32 bytes, of which the second 8 are for custom use and reserved (specification 3.2).
 *
 * @param cause   11:0, {@link Cause#code}
 * @param pid     the process id, where {@code pv} says that there is one
 * @param priv    a supervisor's access
 * @param ttyp    39:34, what kind of transaction it was
 * @param did     the device id
 * @param iotval  the address
 * @param iotval2 the guest-physical address of a guest-page fault, with flags in 1:0
 */
public record FaultRecord(int cause, int pid, boolean pv, boolean priv, int ttyp, int did, long iotval, long iotval2)
        implements Ring.Slot {
    /** 64-bit words in a record. */
    public static final int WORDS = 4;

    /** TTYP: not caused by a transaction. */
    public static final int NONE = 0;
    public static final int UNTRANSLATED_EXECUTE = 1;
    public static final int UNTRANSLATED_READ = 2;
    public static final int UNTRANSLATED_WRITE = 3;
    public static final int TRANSLATED_EXECUTE = 5;
    public static final int TRANSLATED_READ = 6;
    public static final int TRANSLATED_WRITE = 7;
    /** TTYP: a PCIe ATS translation request. */
    public static final int TRANSLATION_REQUEST = 8;
    /** TTYP: a PCIe message, of which iotval has the code. */
    public static final int MESSAGE = 9;

    /** A record of what a device has done in the name of a process. */
    static FaultRecord of(Cause cause, int pasid, boolean privileged, int ttyp, Endpoint endpoint, long iotval, long iotval2) {
        return new FaultRecord(cause.code(), pasid, pasid != 0, privileged, ttyp, Iommus.requester(endpoint.number()), iotval, iotval2);
    }

    public static FaultRecord decode(Ring.Slot words) {
        long first = words.word(0);
        return new FaultRecord((int) Bits.field(first, 11, 0), (int) Bits.field(first, 31, 12), Bits.has(first, 32), Bits.has(first, 33),
                (int) Bits.field(first, 39, 34), (int) Bits.field(first, 63, 40), words.word(2), words.word(3));
    }

    @Override
    public long word(int index) {
        return switch (index) {
            case 0 -> Bits.put(cause, 11, 0) | Bits.put(pid, 31, 12) | Bits.bit(pv, 32) | Bits.bit(priv, 33) | Bits.put(ttyp, 39, 34)
                    | Bits.put(did, 63, 40);
            case 2 -> iotval;
            case 3 -> iotval2;
            default -> 0;
        };
    }

    /** What the kernel prints of it: riscv_iommu_fault. */
    public String log() {
        return String.format(Locale.ROOT, "Fault %d devid: 0x%x iotval: %x iotval2: %x", cause, did, iotval, iotval2);
    }
}
