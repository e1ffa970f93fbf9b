package dev.shootdown.mm;

import static dev.shootdown.mm.KernelVersion.V3_16;
import static dev.shootdown.mm.KernelVersion.V3_19;
import static dev.shootdown.mm.KernelVersion.V6_18;

/** How a mapping grows, shrinks and moves. A part of {@link KernelVersion}. */
public sealed interface MremapFacts permits KernelVersion {
    /** {@link KernelVersion#hasReasons}. */
    boolean hasReasons();

    /** mm/mremap.c: vma_to_resize says EFAULT for what is more than the commit limit, until 4.0. */
    default boolean mremapCommitFaults() {
        return this == V3_16 || this == V3_19;
    }

    /** MREMAP_DONTUNMAP: 5.7 and later (e346b3813067). */
    default boolean hasDontunmap() {
        return hasReasons();
    }

    /** mm/mremap.c: move_ptes flushes each extent under both page-table locks, 4.15.18 and 4.20 and later (eb66ae030829); before, once at the end. */
    default boolean moveFlushesExtents() {
        return this != V3_16 && this != V3_19;
    }

    /** mm/mremap.c: move_normal_pmd (5.0) and move_normal_pud (5.11) move whole tables; the limit of 64 pages an extent went then. */
    default boolean movesTables() {
        return hasReasons();
    }

    /** mm/mremap.c: try_realign_addr, 6.7 and later (af8ca1c14906). */
    default boolean moveRealigns() {
        return this == V6_18;
    }

    /** mm/mremap.c: move_page_tables returns at once for a length of 0, 5.18 and later. */
    default boolean moveOfNothingIsSilent() {
        return hasReasons();
    }

    /** mm/mremap.c: a private mapping may not be duplicated, 4.14 and later (dba58d3b8c50). */
    default boolean mremapKeepsPrivateSingle() {
        return this != V3_16 && this != V3_19;
    }

    /** mm/mremap.c: mremap_to leaves early where mappings might run out, 5.2 and later (ea2c3f6f5545). */
    default boolean mremapChecksCount() {
        return hasReasons();
    }

    /** mm/mremap.c: the mapping is looked up before anything else is done, 5.16 and later (550a7d60bd5e). */
    default boolean mremapLooksFirst() {
        return hasReasons();
    }

    /** mm/mremap.c: check_mremap_params and check_prep_vma come before anything is unmapped, 6.17 and later. */
    default boolean mremapChecksPlaceFirst() {
        return this == V6_18;
    }

    /** mm/mremap.c: remap_move takes several mappings, 6.17 and later (d23cb648e365). */
    default boolean mremapMovesSeveral() {
        return this == V6_18;
    }

    /** mm/mremap.c: what grows in place is merged with the next mapping, 6.0 and later (ca3d76b0aa80). */
    default boolean mremapMergesGrowth() {
        return hasReasons();
    }

    /** mm/mremap.c: vrm_stat_account counts what moved as locked, and dontunmap_complete does not take off what stayed, 6.17 and later. */
    default boolean dontunmapCountsTwice() {
        return this == V6_18;
    }
}
