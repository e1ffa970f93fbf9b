package dev.shootdown.iommu.arm;

import static dev.shootdown.iommu.Bits.bit;
import static dev.shootdown.iommu.Bits.field;
import static dev.shootdown.iommu.Bits.has;
import static dev.shootdown.iommu.Bits.put;

import dev.shootdown.iommu.Bits;
import dev.shootdown.iommu.Caches;
import dev.shootdown.memory.Frames;
import java.util.ArrayList;
import java.util.List;

/**
 * The TLB invalidations, which are alike but for what they have: a VMID, an ASID, an address (IHI 0070, 4.4). A field that
 * the operation does not have is 0.
 *
 * @param span the addresses; {@link Span#NONE} for an operation without one
 */
public record Tlbi(Operation operation, int vmid, int asid, Span span) implements ArmCommand {
    /** Which translations: those of a stream world (StreamWorld), of a VMID or an ASID in it, of an address. */
    public enum Operation {
        NH_ALL(0x10, World.EL1, true, false, false),
        NH_ASID(0x11, World.EL1, true, true, false),
        NH_VA(0x12, World.EL1, true, true, true),
        NH_VAA(0x13, World.EL1, true, false, true),
        EL3_ALL(0x18, World.EL3, false, false, false),
        EL3_VA(0x1a, World.EL3, false, false, true),
        EL2_ALL(0x20, World.EL2, false, false, false),
        EL2_ASID(0x21, World.EL2, false, true, false),
        EL2_VA(0x22, World.EL2, false, true, true),
        EL2_VAA(0x23, World.EL2, false, false, true),
        S12_VMALL(0x28, World.EL1, true, false, false),
        S2_IPA(0x2a, World.STAGE2, true, false, true),
        NSNH_ALL(0x30, World.EL1, false, false, false);

        private static final Operation[] BY_OPCODE = new Operation[0x31];

        static {
            for (Operation operation : values()) {
                BY_OPCODE[operation.opcode] = operation;
            }
        }

        private final int opcode;
        private final World world;
        private final boolean vmid;
        private final boolean asid;
        private final boolean address;

        Operation(int opcode, World world, boolean vmid, boolean asid, boolean address) {
            this.opcode = opcode;
            this.world = world;
            this.vmid = vmid;
            this.asid = asid;
            this.address = address;
        }

        static Operation of(int opcode) {
            return opcode < BY_OPCODE.length ? BY_OPCODE[opcode] : null;
        }

        /** Whose translations it is about. */
        World world() {
            return world;
        }

        /** What it does, in a clause. */
        public String what() {
            return switch (this) {
                case NH_ALL, S12_VMALL -> "drops all translations of a virtual machine from the SMMU's TLB";
                case NH_ASID, EL2_ASID -> "drops an ASID's translations from the SMMU's TLB";
                case NH_VA, EL2_VA -> "drops an ASID's translations of a range from the SMMU's TLB";
                case NH_VAA, EL2_VAA -> "drops every ASID's translations of a range from the SMMU's TLB";
                case EL3_ALL, EL3_VA -> "is about a stream world that the Non-secure queue has no part in";
                case EL2_ALL -> "drops all translations of EL2's streams from the SMMU's TLB";
                case S2_IPA -> "drops what is remembered of a range of stage 2, and nothing that stage 1 led to";
                case NSNH_ALL -> "drops all Non-secure translations but EL2's from the SMMU's TLB";
            };
        }

        public boolean hasVmid() {
            return vmid;
        }

        public boolean hasAsid() {
            return asid;
        }

        public boolean hasAddress() {
            return address;
        }
    }

    /** Whose translations: STE.STRW's worlds, and those of stage 2 alone. */
    enum World {
        EL1,
        EL2,
        EL3,
        STAGE2
    }

    /**
     * The addresses of an invalidation.
     *
     * @param num   with {@code scale}: (num + 1) * 2^scale granules
     * @param ttl   the level that the translations come from; 0 for any
     * @param tg    the granule: 0 for one address, whatever the granule; 1, 2, 3 for a range of 4, 16, 64 KiB
     * @param leaf  entries of the last level only; tables on the way may stay
     */
    public record Span(long address, int num, int scale, int ttl, int tg, boolean leaf) {
        /** No addresses. */
        public static final Span NONE = new Span(0, 0, 0, 0, 0, false);

        /** TG of 4 KiB. */
        static final int TG_4K = 1;
        /** CMDQ_TLBI_RANGE_NUM_MAX. */
        static final int NUM_MAX = 31;
        /** The widest scale of its five bits; a count of more trailing zeros is told in several commands. */
        static final int SCALE_MAX = 31;

        private static final int TG_SHIFT = 10;

        /**
         * The commands' spans with which Linux covers [start, end): with ranges, chunks of up to five significant bits at
         * growing scale; without, one for each page (__arm_smmu_tlb_inv_range).
         */
        public static List<Span> of(long start, long end, boolean ranges) {
            long first = start & -Frames.PAGE_SIZE;
            long pages = (end - 1 >>> Frames.PAGE_SHIFT) + 1 - (first >>> Frames.PAGE_SHIFT);
            return ranges ? ranges(first, pages) : singles(first, pages);
        }

        private static List<Span> singles(long start, long pages) {
            List<Span> spans = new ArrayList<>();
            for (long i = 0; i < pages; i++) {
                spans.add(new Span(start + (i << Frames.PAGE_SHIFT), 0, 0, 0, 0, false));
            }
            return spans;
        }

        /** Where the low five bits of the count are 1, one page more: NUM and SCALE of 0 are reserved without a level. */
        private static List<Span> ranges(long start, long pages) {
            List<Span> spans = new ArrayList<>();
            long left = (pages & NUM_MAX) == 1 ? pages + 1 : pages;
            long at = start;
            while (left != 0) {
                int scale = Math.min(Long.numberOfTrailingZeros(left), SCALE_MAX);
                long count = scale == SCALE_MAX ? Math.min(left >>> scale, NUM_MAX + 1) : left >>> scale & NUM_MAX;
                spans.add(new Span(at, (int) count - 1, scale, 0, TG_4K, false));
                at += count << scale + Frames.PAGE_SHIFT;
                left -= count << scale;
            }
            return spans;
        }

        /** The same for entries of the last level only. */
        public Span ofLeaves() {
            return new Span(address, num, scale, ttl, tg, true);
        }

        /** Bits of an address in a granule. */
        private int granule() {
            return tg == 0 ? Frames.PAGE_SHIFT : TG_SHIFT + 2 * tg;
        }

        /** TG with NUM, SCALE and TTL of 0 is reserved. */
        boolean reserved() {
            return tg != 0 && num == 0 && scale == 0 && ttl == 0;
        }

        /** Whether translations made with a granule of 4 KiB must go. */
        boolean pages() {
            return tg <= TG_4K;
        }

        long start() {
            return address;
        }

        /** The end of what it covers, or the end of all addresses. */
        long end() {
            long bytes = tg == 0 ? Frames.PAGE_SIZE : num + 1L << scale + granule();
            long end = address + bytes;
            return Long.compareUnsigned(end, address) < 0 ? Caches.EVERYTHING : end;
        }

        /** How many 4 KiB pages it covers. */
        public long count() {
            return end() - start() >>> Frames.PAGE_SHIFT;
        }
    }

    /** CMDQ_MAX_TLBI_OPS: without ranges, that many pages are the whole address space's business. */
    private static final long MAX_OPERATIONS = 1L << Frames.PAGE_SHIFT - 3;

    static ArmCommand decode(Operation operation, long low, long high) {
        int vmid = operation.vmid ? field(low, 32, 16) : 0;
        int asid = operation.asid ? field(low, 48, 16) : 0;
        Span span = operation.address ? span(operation, low, high) : Span.NONE;
        boolean illegal = has(low, SSEC) || operation.world == World.EL3 || span.reserved();
        return illegal ? new Illegal(low, high) : new Tlbi(operation, vmid, asid, span);
    }

    private static Span span(Operation operation, long low, long high) {
        long address = Bits.address(high, operation.world == World.STAGE2 ? 51 : 63, 12);
        return new Span(address, field(low, 12, 5), field(low, 20, 5), field(high, 8, 2), field(high, 10, 2), has(high, 0));
    }

    /** Whether an invalidation of so many bytes is one of everything, on hardware without ranges (6.6; iommu.md 6.3). */
    static boolean escalates(long start, long end, boolean ranges) {
        return end - start == Caches.EVERYTHING
                || !ranges && Long.compareUnsigned(end - start, MAX_OPERATIONS << Frames.PAGE_SHIFT) >= 0;
    }

    /**
     * What Linux sends for [start, end) of an ASID, or of a VMID: the range, or for everything one command
     * (arm_smmu_mm_arch_invalidate_secondary_tlbs).
     */
    static List<ArmCommand> of(Operation whole, Operation address, int vmid, int asid, long start, long end, boolean ranges) {
        if (escalates(start, end, ranges)) {
            return List.of(new Tlbi(whole, vmid, asid, Span.NONE));
        }
        List<ArmCommand> commands = new ArrayList<>();
        for (Span span : Span.of(start, end, ranges)) {
            commands.add(new Tlbi(address, vmid, asid, span));
        }
        return commands;
    }

    @Override
    public int opcode() {
        return operation.opcode;
    }

    @Override
    public String name() {
        return "CMD_TLBI_" + operation.name();
    }

    @Override
    public long low() {
        return operation.opcode | put(span.num, 12, 5) | put(span.scale, 20, 5) | put(vmid, 32, 16) | put(asid, 48, 16);
    }

    @Override
    public long high() {
        long address = Bits.address(span.address, operation.world == World.STAGE2 ? 51 : 63, 12);
        return bit(span.leaf, 0) | put(span.ttl, 8, 2) | put(span.tg, 10, 2) | address;
    }

    @Override
    public Integer addressSpace() {
        return operation.asid ? asid : null;
    }

    @Override
    public Long start() {
        return operation.address ? (Long) span.start() : null;
    }

    @Override
    public Long end() {
        return operation.address ? (Long) span.end() : null;
    }
}
