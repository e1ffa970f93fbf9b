package dev.shootdown.iommu.riscv;

import dev.shootdown.iommu.PageRequest;
import dev.shootdown.iommu.Ring;
import dev.shootdown.memory.Translation;

/**
 * A record of the page-request queue: 16 bytes, of which the second 8 are the PCIe message's body (specification 3.3).
 *
 * @param pid   the PASID, where {@code pv} says that there is one
 * @param priv  privileged mode requested
 * @param exec  execute requested
 * @param did   the requester's device id
 * @param group the PRG index, 11:3 of the body
 * @param last  L: the last request of its group
 * @param page  the page's address
 */
public record PageRequestRecord(int pid, boolean pv, boolean priv, boolean exec, int did, boolean read, boolean write, boolean last,
        int group, long page) implements Ring.Slot {
    /** 64-bit words in a record. */
    public static final int WORDS = 2;

    /** A device's request, with its PASID if that is not 0. */
    static PageRequestRecord of(PageRequest request, int did) {
        int access = request.access();
        return new PageRequestRecord(request.pasid(), request.pasid() != 0, Translation.allows(access, Translation.PRIVILEGED),
                Translation.allows(access, Translation.EXECUTE), did,
                Translation.allows(access, Translation.READ), Translation.allows(access, Translation.WRITE), request.last(), request.group(),
                request.addr());
    }

    public static PageRequestRecord decode(Ring.Slot words) {
        long low = words.word(0);
        long high = words.word(1);
        return new PageRequestRecord((int) Bits.field(low, 31, 12), Bits.has(low, 32), Bits.has(low, 33), Bits.has(low, 34),
                (int) Bits.field(low, 63, 40), Bits.has(high, 0), Bits.has(high, 1), Bits.has(high, 2), (int) Bits.field(high, 11, 3),
                high & Bits.mask(63, 12));
    }

    @Override
    public long word(int index) {
        return index == 0
                ? Bits.put(pid, 31, 12) | Bits.bit(pv, 32) | Bits.bit(priv, 33) | Bits.bit(exec, 34) | Bits.put(did, 63, 40)
                : Bits.bit(read, 0) | Bits.bit(write, 1) | Bits.bit(last, 2) | Bits.put(group, 11, 3) | page & Bits.mask(63, 12);
    }

    /** As a driver takes it up. */
    PageRequest request(int device) {
        return new PageRequest(device, pid, page, group, last, access());
    }

    /** Whether it says that all requests of its PASID have been sent, and asks for nothing: it is not answered. */
    public boolean stopMarker() {
        return pv && last && !read && !write;
    }

    /** The access asked for, as {@link Translation} permissions. */
    int access() {
        return (read ? Translation.READ : 0) | (write ? Translation.WRITE : 0) | (exec ? Translation.EXECUTE : 0)
                | (priv ? Translation.PRIVILEGED : 0);
    }
}
