package dev.shootdown.mm;

import static dev.shootdown.mm.KernelVersion.V3_16;
import static dev.shootdown.mm.KernelVersion.V3_19;
import static dev.shootdown.mm.KernelVersion.V6_18;

/** Which advice madvise knows, and how it is taken. A part of {@link KernelVersion}. */
public sealed interface AdviceFacts permits KernelVersion {
    /** {@link KernelVersion#hasReasons}. */
    boolean hasReasons();

    /** madvise has one gather for all mappings of a call: mm/madvise.c, madvise_init_tlb, 6.18. */
    default boolean dontneedSharesGather() {
        return this == V6_18;
    }

    /**
     * mm/madvise.c: madvise_behavior_valid. MADV_FREE came in 4.5, MADV_WIPEONFORK in 4.14, MADV_COLD and MADV_PAGEOUT in
     * 5.4 (9c276cc65a58, 1a4e58cce84e), MADV_POPULATE_READ in 5.14, MADV_DONTNEED_LOCKED in 5.18, MADV_COLLAPSE in 6.1,
     * MADV_GUARD_INSTALL in 6.13 (662df3e5c376).
     */
    default boolean knows(Advice advice) {
        return switch (advice) {
            case DONTNEED, REMOVE, WILLNEED, DONTFORK, DOFORK, NORMAL, RANDOM, SEQUENTIAL, MERGEABLE, UNMERGEABLE, DONTDUMP, DODUMP, HUGEPAGE,
                    NOHUGEPAGE -> true;
            case GUARD_INSTALL, GUARD_REMOVE -> this == V6_18;
            case FREE, WIPEONFORK, KEEPONFORK -> this != V3_16 && this != V3_19;
            case COLD, PAGEOUT, POPULATE_READ, POPULATE_WRITE, DONTNEED_LOCKED, COLLAPSE -> hasReasons();
        };
    }

    /** MADV_REMOVE is for what might be made writable too: vma_is_shared_maywrite, 6.7 and later (e8e17ee90eaf). */
    default boolean removeNeedsMaywrite() {
        return this == V6_18;
    }

    /** mm/pt_reclaim.c: MADV_DONTNEED frees page tables that it empties, CONFIG_PT_RECLAIM, 6.14 and later (6375e95f381e). */
    default boolean dontneedFreesTables() {
        return this == V6_18;
    }
}
