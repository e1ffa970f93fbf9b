package dev.shootdown.mm;

import static dev.shootdown.mm.KernelVersion.V3_16;
import static dev.shootdown.mm.KernelVersion.V3_19;
import static dev.shootdown.mm.KernelVersion.V6_18;
import static dev.shootdown.mm.KernelVersion.V6_6;

/** How faults are served. A part of {@link KernelVersion}. */
public sealed interface FaultFacts permits KernelVersion {
    /** {@link KernelVersion#hasReasons}. */
    boolean hasReasons();

    /** A page that comes in from swap by a read is mapped writable at once if it is its mapping's own: do_swap_page, 6.18. */
    default boolean swapInMakesWritable() {
        return this == V6_18;
    }

    /** Anonymous pages know whether they are one mapping's own: PG_anon_exclusive, 5.19 and later (6c287605fd56). */
    default boolean anonExclusive() {
        return hasReasons();
    }

    /** The old frame's mapping reference goes after the notifier's end: mm/memory.c, wp_page_copy, 6.5 and later. */
    default boolean copyDropsAfterEnd() {
        return this == V6_6 || this == V6_18;
    }

    /** The new page of a copy is charged and copied, and anon_vma prepared, before the range opens; all versions. MM_SHMEMPAGES: 4.5 and later. */
    default boolean countsShmem() {
        return this != V3_16 && this != V3_19;
    }

    /** drivers/iommu/amd_iommu_v2.c: do_fault does not look at the VMA's permission, 3.19 only (3.16 goes through get_user_pages). */
    default boolean remoteFaultIgnoresPermission() {
        return this == V3_19;
    }

    /** mm/memory.c: do_fault has its page table ready and puts it in with the first page, 4.10 and later; before, handle_mm_fault did. */
    default boolean faultsMakeTablesLate() {
        return this != V3_16 && this != V3_19;
    }

    /** mm/filemap.c: filemap_map_pages puts in no table where the first page that it finds is the file's last (74207de2ba10; seen on 6.18.44). */
    default boolean lastPageNeedsTable() {
        return this == V6_18;
    }
}
