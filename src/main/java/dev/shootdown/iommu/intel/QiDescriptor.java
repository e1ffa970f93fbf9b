package dev.shootdown.iommu.intel;

import static dev.shootdown.iommu.Bits.bit;
import static dev.shootdown.iommu.Bits.field;
import static dev.shootdown.iommu.Bits.has;
import static dev.shootdown.iommu.Bits.put;

import dev.shootdown.iommu.Caches;
import dev.shootdown.iommu.Command;
import dev.shootdown.iommu.PageSpan;
import dev.shootdown.iommu.Ring;
import dev.shootdown.iommu.SpanCommand;
import dev.shootdown.memory.Frames;
import java.util.List;

/**
 * Descriptors of VT-d's invalidation queue: 256 bits, of which the upper 128 are zero; the type is in 3:0, its high part in
 * 11:9 (VT-d 6.5.2; drivers/iommu/intel/iommu.h). Bits that no field has are reserved, and where one is set the
 * descriptor is invalid.
 */
public sealed interface QiDescriptor extends Command {
    int WORDS = 4;
    /** Granularity of type 6: all of the PASID, or its pages. */
    int PASID_WIDE = 2;
    int PAGES = 3;

    /** Bits 63:0. */
    long low();

    /** Bits 127:64. */
    default long high() {
        return 0;
    }

    @Override
    default long word(int index) {
        return switch (index) {
            case 0 -> low();
            case 1 -> high();
            default -> 0;
        };
    }

    @Override
    default List<Long> words() {
        return List.of(low(), high(), 0L, 0L);
    }

    /** What a slot of the queue means to the hardware; {@link Invalid} if nothing. */
    static QiDescriptor decode(Ring.Slot slot) {
        long low = slot.word(0);
        long high = slot.word(1);
        if ((slot.word(2) | slot.word(3)) != 0) {
            return new Invalid(low, high);
        }
        QiDescriptor meant = QiDecoder.of(field(low, 0, 4) | field(low, 9, 3) << 4, low, high);
        return meant.low() == low && meant.high() == high && meant.valid() ? meant : new Invalid(low, high);
    }

    private static long pfsidBits(int pfsid) {
        return put(pfsid, 12, 4) | put(pfsid >>> 4, 52, 12);
    }

    /** Whether its fields have values that the hardware knows. */
    default boolean valid() {
        return true;
    }

    /** Forgets context entries: of all devices, of a domain's, or of one. */
    record ContextCache(int granularity, int domain, int device, int functionMask) implements QiDescriptor {
        static final int TYPE = 1;
        public static final int GLOBAL = 1;
        public static final int DOMAIN = 2;
        public static final int DEVICE = 3;

        @Override
        public String name() {
            return "context_cache_invalidate";
        }

        @Override
        public long low() {
            return TYPE | put(granularity, 4, 2) | put(domain, 16, 16) | put(device, 32, 16) | put(functionMask, 48, 2);
        }

        @Override
        public boolean valid() {
            return granularity != 0;
        }

        @Override
        public Integer requester() {
            return granularity == DEVICE ? device : null;
        }
    }

    /** Drops from the IOTLB what has been cached of a domain; of first-stage translations, all of them. */
    record Iotlb(int granularity, boolean drainWrites, boolean drainReads, int domain, QiPages pages) implements QiDescriptor {
        static final int TYPE = 2;
        public static final int GLOBAL = 1;
        public static final int DOMAIN = 2;

        @Override
        public String name() {
            return "iotlb_invalidate";
        }

        @Override
        public long low() {
            return TYPE | put(granularity, 4, 2) | bit(drainWrites, 6) | bit(drainReads, 7) | put(domain, 16, 16);
        }

        @Override
        public long high() {
            return pages.encode();
        }

        @Override
        public boolean valid() {
            return granularity != 0;
        }

        @Override
        public Long start() {
            return granularity == PAGES ? pages.start() : Long.valueOf(0);
        }

        @Override
        public Long end() {
            return granularity == PAGES ? pages.end() : Long.valueOf(Caches.EVERYTHING);
        }
    }

    /** Has a device drop translations of traffic without a PASID, and with them all that have one. */
    record DeviceTlb(int device, int pfsid, int maxPending, PageSpan span) implements QiDescriptor, SpanCommand {
        static final int TYPE = 3;

        @Override
        public String name() {
            return "device_tlb_invalidate";
        }

        @Override
        public long low() {
            return TYPE | put(maxPending, 16, 5) | put(device, 32, 16) | pfsidBits(pfsid);
        }

        @Override
        public long high() {
            return span.encode();
        }

        @Override
        public Integer requester() {
            return device;
        }
    }

    /** Forgets interrupt-remapping entries. */
    record InterruptEntryCache(boolean byIndex, int indexMask, int index) implements QiDescriptor {
        static final int TYPE = 4;

        @Override
        public String name() {
            return "interrupt_entry_cache_invalidate";
        }

        @Override
        public long low() {
            return TYPE | bit(byIndex, 4) | put(indexMask, 27, 5) | put(index, 32, 16);
        }
    }

    /**
     * Waits for everything since the wait before it; then interrupts, or writes its 32 bits of data, or both.
     *
     * @param fence nothing behind it starts before it is done
     * @param drain page requests that devices have sent are in the queue by then
     */
    record Wait(boolean interrupt, boolean write, boolean fence, boolean drain, int data, long address) implements QiDescriptor {
        static final int TYPE = 5;

        @Override
        public String name() {
            return "invalidation_wait";
        }

        @Override
        public long low() {
            return TYPE | bit(interrupt, 4) | bit(write, 5) | bit(fence, 6) | bit(drain, 7) | put(data, 32, 32);
        }

        @Override
        public long high() {
            return address & -4L;
        }
    }

    /** Drops first-stage translations of a PASID from the IOTLB. */
    record PasidIotlb(int granularity, int domain, int pasid, QiPages pages) implements QiDescriptor {
        static final int TYPE = 6;

        @Override
        public String name() {
            return "piotlb_invalidate";
        }

        @Override
        public long low() {
            return TYPE | put(granularity, 4, 2) | put(domain, 16, 16) | put(pasid, 32, 20);
        }

        @Override
        public long high() {
            return pages.encode();
        }

        @Override
        public boolean valid() {
            return granularity >= PASID_WIDE;
        }

        @Override
        public Integer addressSpace() {
            return pasid;
        }

        @Override
        public Long start() {
            return granularity == PAGES ? pages.start() : Long.valueOf(0);
        }

        @Override
        public Long end() {
            return granularity == PAGES ? pages.end() : Long.valueOf(Caches.EVERYTHING);
        }
    }

    /** Forgets PASID-table entries: of a domain, of one PASID in it, or all. */
    record PasidCache(int granularity, int domain, int pasid) implements QiDescriptor {
        static final int TYPE = 7;
        public static final int DOMAIN = 0;
        public static final int PASID = 1;
        public static final int GLOBAL = 3;

        @Override
        public String name() {
            return "pasid_cache_invalidate";
        }

        @Override
        public long low() {
            return TYPE | put(granularity, 4, 2) | put(domain, 16, 16) | put(pasid, 32, 20);
        }

        @Override
        public boolean valid() {
            return granularity != 2;
        }

        @Override
        public Integer addressSpace() {
            return granularity == PASID ? pasid : null;
        }
    }

    /** Has a device drop translations of a PASID; with GI of every PASID. */
    record PasidDeviceTlb(int device, int pfsid, int maxPending, int pasid, boolean global, PageSpan span) implements QiDescriptor, SpanCommand {
        static final int TYPE = 8;

        @Override
        public String name() {
            return "pasid_device_tlb_invalidate";
        }

        @Override
        public long low() {
            return TYPE | put(maxPending, 4, 5) | put(device, 16, 16) | put(pasid, 32, 20) | pfsidBits(pfsid);
        }

        @Override
        public long high() {
            return span.address() & -Frames.PAGE_SIZE | bit(span.size(), 11) | bit(global, 0);
        }

        @Override
        public Integer addressSpace() {
            return pasid;
        }

        @Override
        public Integer requester() {
            return device;
        }
    }

    /**
     * Answers a page request group.
     *
     * @param pasidPresent whether the answer carries the PASID
     * @param code         0 success, 1 invalid request, 0xf failure; others are reserved, and a failure to the device
     * @param last         ignored; it was LPIG once
     */
    record PageGroupResponse(boolean pasidPresent, int code, int device, int pasid, boolean last, int group) implements QiDescriptor {
        static final int TYPE = 9;

        @Override
        public String name() {
            return "page_group_response";
        }

        @Override
        public long low() {
            return TYPE | bit(pasidPresent, 4) | put(code, 12, 4) | put(device, 16, 16) | put(pasid, 32, 20);
        }

        @Override
        public long high() {
            return bit(last, 2) | put(group, 3, 9);
        }

        @Override
        public Integer addressSpace() {
            return pasid;
        }

        @Override
        public Integer requester() {
            return device;
        }
    }

    /** Forgets what is cached of the tables by which translated requests are checked; there are none here. */
    record HptCache(int granularity, int domain, int mask, int hint, long address) implements QiDescriptor {
        static final int TYPE = 0xa;

        @Override
        public String name() {
            return "hpt_cache_invalidate";
        }

        @Override
        public long low() {
            return TYPE | put(granularity, 4, 2) | put(domain, 16, 16);
        }

        @Override
        public long high() {
            return address & -Frames.PAGE_SIZE | put(mask, 0, 6) | put(hint, 6, 2);
        }

        @Override
        public boolean valid() {
            return granularity != 0;
        }
    }

    /** Words that are no descriptor. */
    record Invalid(long low, long high) implements QiDescriptor {
        @Override
        public String name() {
            return "INVALID";
        }

        @Override
        public boolean valid() {
            return false;
        }
    }
}
