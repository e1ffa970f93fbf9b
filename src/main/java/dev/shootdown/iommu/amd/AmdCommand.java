package dev.shootdown.iommu.amd;

import static dev.shootdown.iommu.Bits.bit;
import static dev.shootdown.iommu.Bits.field;
import static dev.shootdown.iommu.Bits.has;
import static dev.shootdown.iommu.Bits.put;

import dev.shootdown.iommu.CommandPair;
import dev.shootdown.iommu.PageSpan;
import dev.shootdown.iommu.SpanCommand;

/**
 * AMD's commands: 128 bits, the opcode in 63:60. Fields are where Linux and FreeBSD, which drive hardware, put them
 * (drivers/iommu/amd_iommu_types.h; the PASID of INVALIDATE_IOTLB_PAGES has two layouts in open code, of which this
 * is theirs).
 */
public sealed interface AmdCommand extends CommandPair {
    int OPCODE_SHIFT = 60;
    /** GN: the PASID counts. */
    long GUEST = 1L << 2;

    /** What the words of a command mean to the hardware; {@link Illegal} if nothing. */
    static AmdCommand decode(long low, long high) {
        return switch ((int) (low >>> OPCODE_SHIFT)) {
            case CompletionWait.OPCODE -> CompletionWait.of(low, high);
            case InvalidateDevtabEntry.OPCODE -> new InvalidateDevtabEntry(field(low, 0, 16));
            case InvalidateIommuPages.OPCODE -> InvalidateIommuPages.of(low, high);
            case InvalidateIotlbPages.OPCODE -> InvalidateIotlbPages.of(low, high);
            case InvalidateInterruptTable.OPCODE -> new InvalidateInterruptTable(field(low, 0, 16));
            case PrefetchIommuPages.OPCODE -> PrefetchIommuPages.of(low, high);
            case CompletePprRequest.OPCODE -> CompletePprRequest.of(low, high);
            case InvalidateIommuAll.OPCODE -> new InvalidateIommuAll();
            default -> new Illegal(low, high);
        };
    }

    private static long opcode(int opcode) {
        return (long) opcode << OPCODE_SHIFT;
    }

    /** Waits for all commands before it; then stores, or interrupts, or both. */
    record CompletionWait(boolean store, boolean interrupt, boolean flush, long address, long data)
            implements AmdCommand {
        static final int OPCODE = 1;
        private static final long ADDRESS = 0x000f_ffff_ffff_fff8L;

        static CompletionWait of(long low, long high) {
            return new CompletionWait(has(low, 0), has(low, 1), has(low, 2), low & ADDRESS, high);
        }

        @Override
        public String name() {
            return "COMPLETION_WAIT";
        }

        @Override
        public long low() {
            return opcode(OPCODE) | bit(store, 0) | bit(interrupt, 1) | bit(flush, 2) | address & ADDRESS;
        }

        @Override
        public long high() {
            return data;
        }
    }

    /** Drops the cached copy of a device-table entry. */
    record InvalidateDevtabEntry(int device) implements AmdCommand {
        static final int OPCODE = 2;

        @Override
        public String name() {
            return "INVALIDATE_DEVTAB_ENTRY";
        }

        @Override
        public long low() {
            return opcode(OPCODE) | put(device, 0, 16);
        }

        @Override
        public Integer requester() {
            return device;
        }
    }

    /**
     * Drops translations from the IOMMU's own TLB.
     *
     * @param pde   cached page-directory entries too, not only leaf translations
     * @param guest translations of the PASID; otherwise the domain's host translations
     */
    record InvalidateIommuPages(int pasid, int domain, PageSpan span, boolean pde, boolean guest)
            implements AmdCommand, SpanCommand {
        static final int OPCODE = 3;

        static InvalidateIommuPages of(long low, long high) {
            return new InvalidateIommuPages(field(low, 0, 20), field(low, 32, 16), PageSpan.decode(high), has(high, 1),
                    has(high, 2));
        }

        @Override
        public String name() {
            return "INVALIDATE_IOMMU_PAGES";
        }

        @Override
        public Integer addressSpace() {
            return pasid;
        }

        @Override
        public long low() {
            return opcode(OPCODE) | put(pasid, 0, 20) | put(domain, 32, 16);
        }

        @Override
        public long high() {
            return span.encode() | bit(pde, 1) | bit(guest, 2);
        }
    }

    /** Has a device drop translations from its ATC, which AMD calls the device's IOTLB. */
    record InvalidateIotlbPages(int device, int pasid, int maxPending, int queue, PageSpan span, boolean guest,
            int type) implements AmdCommand, SpanCommand {
        static final int OPCODE = 4;

        static InvalidateIotlbPages of(long low, long high) {
            int pasid = field(low, 16, 8) << 8 | field(low, 48, 8) | field(low, 56, 4) << 16;
            return new InvalidateIotlbPages(field(low, 0, 16), pasid, field(low, 24, 8), field(low, 32, 16),
                    PageSpan.decode(high), has(high, 2), field(high, 4, 2));
        }

        @Override
        public String name() {
            return "INVALIDATE_IOTLB_PAGES";
        }

        @Override
        public Integer addressSpace() {
            return pasid;
        }

        @Override
        public long low() {
            return opcode(OPCODE) | put(device, 0, 16) | put(pasid >>> 8, 16, 8) | put(maxPending, 24, 8) | put(queue, 32, 16)
                    | put(pasid, 48, 8) | put(pasid >>> 16, 56, 4);
        }

        @Override
        public long high() {
            return span.encode() | bit(guest, 2) | put(type, 4, 2);
        }

        @Override
        public Integer requester() {
            return device;
        }
    }

    /** Drops a device's interrupt remapping table from the caches. */
    record InvalidateInterruptTable(int device) implements AmdCommand {
        static final int OPCODE = 5;

        @Override
        public String name() {
            return "INVALIDATE_INTERRUPT_TABLE";
        }

        @Override
        public long low() {
            return opcode(OPCODE) | put(device, 0, 16);
        }

        @Override
        public Integer requester() {
            return device;
        }
    }

    /** A hint that translations will be needed. */
    record PrefetchIommuPages(int device, int count, int pasid, PageSpan span, boolean guest, boolean invalidate)
            implements AmdCommand, SpanCommand {
        static final int OPCODE = 6;

        static PrefetchIommuPages of(long low, long high) {
            return new PrefetchIommuPages(field(low, 0, 16), field(low, 24, 8), field(low, 32, 20),
                    PageSpan.decode(high), has(high, 2), has(high, 4));
        }

        @Override
        public String name() {
            return "PREFETCH_IOMMU_PAGES";
        }

        @Override
        public Integer addressSpace() {
            return pasid;
        }

        @Override
        public long low() {
            return opcode(OPCODE) | put(device, 0, 16) | put(count, 24, 8) | put(pasid, 32, 20);
        }

        @Override
        public long high() {
            return span.encode() | bit(guest, 2) | bit(invalidate, 4);
        }

        @Override
        public Integer requester() {
            return device;
        }
    }

    /**
     * Answers a page request.
     *
     * @param guest whether the response carries the PASID
     * @param group the PRG index, bits 8:0 of the completion tag
     * @param code  0 success, 1 invalid, 0xf failure
     */
    record CompletePprRequest(int device, int pasid, boolean guest, int group, int code) implements AmdCommand {
        static final int OPCODE = 7;

        static CompletePprRequest of(long low, long high) {
            return new CompletePprRequest(field(low, 0, 16), field(low, 32, 20), has(high, 2), field(high, 32, 9),
                    field(high, 44, 4));
        }

        @Override
        public String name() {
            return "COMPLETE_PPR_REQUEST";
        }

        @Override
        public Integer addressSpace() {
            return pasid;
        }

        @Override
        public long low() {
            return opcode(OPCODE) | put(device, 0, 16) | put(pasid, 32, 20);
        }

        @Override
        public long high() {
            return bit(guest, 2) | put(group, 32, 9) | put(code, 44, 4);
        }

        @Override
        public Integer requester() {
            return device;
        }
    }

    /** Drops all that the IOMMU has cached. */
    record InvalidateIommuAll() implements AmdCommand {
        static final int OPCODE = 8;

        @Override
        public String name() {
            return "INVALIDATE_IOMMU_ALL";
        }

        @Override
        public long low() {
            return opcode(OPCODE);
        }
    }

    /** Words that are no command (opcodes 9 and 0xA are for virtual IOMMUs only). */
    record Illegal(long low, long high) implements AmdCommand {
        @Override
        public String name() {
            return "ILLEGAL";
        }
    }
}
