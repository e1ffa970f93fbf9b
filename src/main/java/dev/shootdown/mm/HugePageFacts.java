package dev.shootdown.mm;

import static dev.shootdown.mm.KernelVersion.V3_16;
import static dev.shootdown.mm.KernelVersion.V3_19;
import static dev.shootdown.mm.KernelVersion.V4_15;
import static dev.shootdown.mm.KernelVersion.V6_18;
import static dev.shootdown.mm.KernelVersion.V6_6;

/** What is done with huge pages, transparent ones and those of the hugetlb pool. A part of {@link KernelVersion}. */
public sealed interface HugePageFacts permits KernelVersion {
    /** {@link KernelVersion#hasReasons}. */
    boolean hasReasons();

    /** fork copies the entries of the hugetlb pool also where there is no anon_vma: mm/memory.c, copy_page_range, until 5.19 (bcd51a3c679d). */
    default boolean forkCopiesHugetlbAlways() {
        return !hasReasons();
    }

    /** What the hugetlb pool's shared mappings notify of contains all that another process may share the table of: 5.0 and later. */
    default boolean hugetlbExtendsRanges() {
        return hasReasons();
    }

    /** mm/huge_memory.c: what splits a large entry splits its page, wherever it is mapped, until 4.5 (eef1b3ba053a). */
    default boolean pmdSplitSplitsPage() {
        return this == V3_16 || this == V3_19;
    }

    /** mm/huge_memory.c: __split_huge_zero_page_pmd notifies secondary TLBs itself, 3.19 to 4.14 (0f10851ea475). */
    default boolean hugeZeroSplitInvalidates() {
        return this == V3_19;
    }

    /** mm/huge_memory.c: __split_huge_page_map makes every small entry dirty, until 4.5. */
    default boolean splitDirtiesEntries() {
        return this == V3_16 || this == V3_19;
    }

    /** mm/huge_memory.c: __split_huge_pmd_locked hands the dirty bit on to the small entries, 6.1 and later (0ccf7f168e17). */
    default boolean splitKeepsDirty() {
        return hasReasons();
    }

    /** mm/huge_memory.c: do_huge_pmd_wp_page copies a huge page as one, until 5.8 (3917c80280c9). */
    default boolean copiesHugePages() {
        return !hasReasons();
    }

    /** mm/huge_memory.c: do_huge_zero_wp_pmd, 6.13 and later; until 5.8 as any huge page. */
    default boolean replacesHugeZeroPage() {
        return this == V6_18 || copiesHugePages();
    }

    /** mm/huge_memory.c: hugepage_madvise refuses what is said twice, until 4.0 (1a763615802d). */
    default boolean hugepageAdviceOnce() {
        return this == V3_16 || this == V3_19;
    }

    /** mm/memory.c: a page of a compound one that only one space maps is reused, __wp_can_reuse_large_anon_folio, 6.15 and later (1da190f4d0a6). */
    default boolean reusesLargeFolios() {
        return this == V6_18;
    }

    /** mm/migrate.c: a page of zeros of a split huge page becomes the zero page, try_to_map_unused_to_zeropage, 6.12 and later (b1f202060afe). */
    default boolean splitMapsZeroPage() {
        return this == V6_18;
    }

    /** mm/huge_memory.c: change_huge_pmd clears the entry with a flush, 4.12 (ced108037c2a) to 5.17, else leaves it to the caller. */
    default boolean protectInvalidatesHuge() {
        return this == V4_15;
    }

    /** mm/rmap.c: try_to_unmap_one and try_to_migrate_one split a large entry within their own range, 6.10 and later (29e847d2a1e2). */
    default boolean rmapSplitsInside() {
        return this == V6_18;
    }

    /** mm/mprotect.c, mm/huge_memory.c: change_huge_pmd makes an entry writable at once, can_change_pmd_writable, 6.2 and later. */
    default boolean protectMakesHugeWritable() {
        return this == V6_6 || this == V6_18;
    }

    /** mm/khugepaged.c: all pages must be mapped writable, and none be the zero page, until 4.0 (10359213d05a, ca0984caa823). */
    default boolean collapseWantsWritable() {
        return this == V3_16 || this == V3_19;
    }

    /** mm/khugepaged.c: one page must be mapped writable (SCAN_PAGE_RO), 4.0 to 6.17; 6.18 was seen to collapse without. */
    default boolean collapseNeedsOneWritable() {
        return !collapseWantsWritable() && this != V6_18;
    }

    /** mm/khugepaged.c: pages in swap are brought in, 4.8 and later (8a966ed746d6). */
    default boolean collapseSwapsIn() {
        return this != V3_16 && this != V3_19;
    }

    /** mm/khugepaged.c: pages that others map too are taken, 5.8 and later (9445689f3b61). */
    default boolean collapseTakesShared() {
        return hasReasons();
    }

    /** mm/khugepaged.c: whether a page was used matters whoever collapses, until there was madvise for it in 6.1. */
    default boolean collapseAsksYoungAlways() {
        return !hasReasons();
    }

    /** include/asm-generic/tlb.h: a gather knows how large what it cleared was: tlb_get_unmap_shift, 4.19 and later (a6d60245d6d9). */
    default boolean gatherKnowsLevels() {
        return hasReasons();
    }

    /** mm/hugetlb.c: __unmap_hugepage_range notifies by itself, until 6.2 (369258ce41c6). */
    default boolean hugetlbUnmapNotifies() {
        return this != V6_6 && this != V6_18;
    }

    /** mm/hugetlb.c: copies and new protections tell secondary TLBs at once, 3.19 to 4.14 (0f10851ea475). */
    default boolean hugetlbCopyInvalidates() {
        return this == V3_19;
    }

    /** mm/mremap.c: mappings of the hugetlb pool can be moved, 5.16 and later (550a7d60bd5e). */
    default boolean hugetlbMoves() {
        return hasReasons();
    }

    /** mm/madvise.c: MADV_DONTNEED takes whole pages of the hugetlb pool, 5.18 and later (90e7e7f5ef3f). */
    default boolean hugetlbDontneed() {
        return hasReasons();
    }
}
