package dev.shootdown.mm;

import static dev.shootdown.mm.KernelVersion.V3_16;
import static dev.shootdown.mm.KernelVersion.V3_19;
import static dev.shootdown.mm.KernelVersion.V4_15;
import static dev.shootdown.mm.KernelVersion.V6_1;
import static dev.shootdown.mm.KernelVersion.V6_18;
import static dev.shootdown.mm.KernelVersion.V6_6;

/** When what is unmapped is forgotten by TLBs, and how much at once. A part of {@link KernelVersion}. */
public sealed interface FlushFacts permits KernelVersion {
    /** {@link KernelVersion#hasReasons}. */
    boolean hasReasons();

    /** {@link KernelVersion#endInvalidates}. */
    boolean endInvalidates();

    /**
     * The generic code calls mmu_notifier_invalidate_range itself, in tlb_flush_mmu_tlbonly and the
     * {@code _notify} helpers: 3.19 to 6.5 (1897bdc4d331).
     */
    default boolean callersInvalidate() {
        return endInvalidates();
    }

    /** arch/x86/mm/tlb.c: flush_tlb_mm_range calls the secondary TLBs' callback, 6.6 and later (1af5a8109904). */
    default boolean flushInvalidates() {
        return this == V6_6 || this == V6_18;
    }

    /**
     * How many pages the secondary TLBs' range may have before flush_tlb_mm_range makes it everything: 33 on 6.6
     * (the range is that of struct flush_tlb_info), unlimited on 6.18 (the caller's own).
     */
    default long widestExactFlush() {
        return this == V6_6 ? CpuFlush.SINGLE_PAGE_FLUSH_CEILING : Long.MAX_VALUE;
    }

    /** flush_tlb_mm and flush_tlb_range say freed_tables: arch/x86/include/asm/tlbflush.h, 4.20 and later. */
    default boolean wholeFlushSaysTables() {
        return hasReasons();
    }

    /** The gather keeps the hull of what was cleared: mm/memory.c, __tlb_adjust_range, 3.19 and later; before, the caller's range. */
    default boolean gatherKeepsHull() {
        return this != V3_16;
    }

    /** A folded p4d is "freed" into the hull with each emptied PGD slot: include/asm-generic/tlb.h, p4d_free_tlb, 4.12 and later. */
    default boolean hasFoldedP4d() {
        return this != V3_16 && this != V3_19;
    }

    /**
     * Pages in one gather: 8 + 19 * 510; 6.18 stops one short in each batch: mm/mmu_gather.c,
     * __tlb_remove_folio_pages_size, 8 - 1 + 19 * 509.
     */
    default int gatherCapacity() {
        return this == V6_18 ? 7 + 19 * 509 : 8 + 19 * 510;
    }

    /** tlb_finish_mmu flushes where another thread gathers too: 4.15 the caller's range, 6.x the whole space. */
    default boolean nestedGatherFlushes() {
        return switch (this) {
            case V3_16, V3_19 -> false;
            case V4_15, V6_1, V6_6, V6_18 -> true;
        };
    }

    /** The flush that a nested gather forces is of everything, with tables: mm/mmu_gather.c, 5.3 and later. */
    default boolean nestedGatherFlushesAll() {
        return hasReasons();
    }

    /**
     * Page-table pages are freed after an RCU grace period: x86 selects MMU_GATHER_RCU_TABLE_FREE always in 6.19.
     * Before, native kernels free them with the gather's pages (recorded on 6.1: they go with the same batch; 6.6
     * has the same arch/x86/kernel/paravirt.c: native_tlb_remove_table).
     */
    default boolean rcuTableFree() {
        return this == V6_18;
    }
}
