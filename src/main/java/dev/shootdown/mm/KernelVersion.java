package dev.shootdown.mm;

import static dev.shootdown.notifier.CallbackName.CHANGE_PTE;
import static dev.shootdown.notifier.CallbackName.CLEAR_FLUSH_YOUNG;
import static dev.shootdown.notifier.CallbackName.CLEAR_YOUNG;
import static dev.shootdown.notifier.CallbackName.END;
import static dev.shootdown.notifier.CallbackName.FAULT;
import static dev.shootdown.notifier.CallbackName.INVALIDATE;
import static dev.shootdown.notifier.CallbackName.PAGE;
import static dev.shootdown.notifier.CallbackName.RANGE;
import static dev.shootdown.notifier.CallbackName.RELEASE;
import static dev.shootdown.notifier.CallbackName.START;
import static dev.shootdown.notifier.CallbackName.TEST_YOUNG;

import dev.shootdown.notifier.CallbackName;
import dev.shootdown.notifier.Contract;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The modelled kernels, and in which facts they differ. Operations ask for a fact by name; nobody compares
 * numbers. Each fact says where it was read.
 */
public enum KernelVersion {
    V3_16("3.16"), V3_19("3.19"), V4_15("4.15"), V6_1("6.1"), V6_6("6.6"), V6_18("6.18");

    /** Addresses of 4-level user space end here: arch/x86/include/asm/page_64_types.h, DEFAULT_MAP_WINDOW. */
    public static final long TASK_SIZE = (1L << 47) - 4096;
    /** The same with 5 levels, for those who ask above {@link #TASK_SIZE}. */
    public static final long TASK_SIZE_5_LEVELS = (1L << 56) - 4096;
    /** vm.mmap_min_addr as distributions set it. */
    public static final long MMAP_MIN_ADDR = 65536;
    /** vm.max_map_count: include/linux/mm.h, DEFAULT_MAX_MAP_COUNT. */
    public static final int MAX_MAP_COUNT = 65530;

    private final String text;

    KernelVersion(String text) {
        this.text = text;
    }

    /** The version as it is written: {@code 3.16}. */
    public String text() {
        return text;
    }

    /** The version of this text, or null. */
    public static KernelVersion of(String text) {
        return Arrays.stream(values()).filter(version -> version.text.equals(text)).findFirst().orElse(null);
    }

    public static List<String> texts() {
        return Arrays.stream(values()).map(KernelVersion::text).toList();
    }

    // ---------------------------------------------------------------- the notifier

    /** include/linux/mmu_notifier.h: struct mmu_notifier_ops; change_pte went in 6.10 (f3b65bbaed7c). */
    private Set<CallbackName> callbacks() {
        Set<CallbackName> all = EnumSet.of(START, END, CLEAR_FLUSH_YOUNG, TEST_YOUNG, RELEASE, FAULT);
        if (hasInvalidateRange()) {
            all.add(RANGE);
        }
        if (hasInvalidatePage()) {
            all.add(PAGE);
        }
        if (hasChangePte()) {
            all.add(CHANGE_PTE);
        }
        switch (this) {
            case V3_16, V3_19 -> { }
            case V4_15 -> all.add(CLEAR_YOUNG);
            case V6_1, V6_6, V6_18 -> all.addAll(List.of(CLEAR_YOUNG, INVALIDATE));
        }
        return all;
    }

    public Contract contract() {
        return new Contract(callbacks(), endInvalidates(), onlyEndExists(), hasReasons(), this == V6_18);
    }

    /** invalidate_range came in 3.19 (34ee645e83b6); 6.6 calls it arch_invalidate_secondary_tlbs. */
    public boolean hasInvalidateRange() {
        return this != V3_16;
    }

    /** mm/mmu_notifier.c: __mmu_notifier_invalidate_range_end calls invalidate_range, 3.19 to 6.5. */
    public boolean endInvalidates() {
        return switch (this) {
            case V3_16, V6_6, V6_18 -> false;
            case V3_19, V4_15, V6_1 -> true;
        };
    }

    /** mmu_notifier_invalidate_range_only_end: 4.15 (4645b9fe84bf) to 6.5. */
    public boolean onlyEndExists() {
        return this == V4_15 || this == V6_1;
    }

    /** include/linux/mmu_notifier.h: enum mmu_notifier_event, 5.2 and later. */
    public boolean hasReasons() {
        return switch (this) {
            case V3_16, V3_19, V4_15 -> false;
            case V6_1, V6_6, V6_18 -> true;
        };
    }

    /** mmu_notifier_invalidate_page went in 4.14 (merge ea25c4317946). */
    public boolean hasInvalidatePage() {
        return this == V3_16 || this == V3_19;
    }

    /** mmu_notifier_change_pte went in 6.10 (f3b65bbaed7c). */
    public boolean hasChangePte() {
        return this != V6_18;
    }

    // ---------------------------------------------------------------- flushes

    /**
     * The generic code calls mmu_notifier_invalidate_range itself, in tlb_flush_mmu_tlbonly and the
     * {@code _notify} helpers: 3.19 to 6.5 (1897bdc4d331).
     */
    public boolean callersInvalidate() {
        return endInvalidates();
    }

    /** arch/x86/mm/tlb.c: flush_tlb_mm_range calls the secondary TLBs' callback, 6.6 and later (1af5a8109904). */
    public boolean flushInvalidates() {
        return this == V6_6 || this == V6_18;
    }

    /**
     * How many pages the secondary TLBs' range may have before flush_tlb_mm_range makes it everything: 33 on 6.6
     * (the range is that of struct flush_tlb_info), unlimited on 6.18 (the caller's own).
     */
    public long widestExactFlush() {
        return this == V6_6 ? CpuFlush.SINGLE_PAGE_FLUSH_CEILING : Long.MAX_VALUE;
    }

    /** flush_tlb_mm and flush_tlb_range say freed_tables: arch/x86/include/asm/tlbflush.h, 4.20 and later. */
    public boolean wholeFlushSaysTables() {
        return hasReasons();
    }

    /** The gather keeps the hull of what was cleared: mm/memory.c, __tlb_adjust_range, 3.19 and later; before, the caller's range. */
    public boolean gatherKeepsHull() {
        return this != V3_16;
    }

    /** A folded p4d is "freed" into the hull with each emptied PGD slot: include/asm-generic/tlb.h, p4d_free_tlb, 4.12 and later. */
    public boolean hasFoldedP4d() {
        return this != V3_16 && this != V3_19;
    }

    /**
     * Pages in one gather: 8 + 19 * 510; 6.18 stops one short in each batch: mm/mmu_gather.c,
     * __tlb_remove_folio_pages_size, 8 - 1 + 19 * 509.
     */
    public int gatherCapacity() {
        return this == V6_18 ? 7 + 19 * 509 : 8 + 19 * 510;
    }

    /** tlb_finish_mmu flushes where another thread gathers too: 4.15 the caller's range, 6.x the whole space. */
    public boolean nestedGatherFlushes() {
        return switch (this) {
            case V3_16, V3_19 -> false;
            case V4_15, V6_1, V6_6, V6_18 -> true;
        };
    }

    /** The flush that a nested gather forces is of everything, with tables: mm/mmu_gather.c, 5.3 and later. */
    public boolean nestedGatherFlushesAll() {
        return hasReasons();
    }

    /**
     * Page-table pages are freed after an RCU grace period: x86 selects MMU_GATHER_RCU_TABLE_FREE always in 6.19.
     * Before, native kernels free them with the gather's pages (recorded on 6.1: they go with the same batch; 6.6
     * has the same arch/x86/kernel/paravirt.c: native_tlb_remove_table).
     */
    public boolean rcuTableFree() {
        return this == V6_18;
    }

    // ---------------------------------------------------------------- operations

    /** MAP_SHARED_VALIDATE, of files: 4.15 and later (1c9725974074). */
    public boolean hasSharedValidate() {
        return this != V3_16 && this != V3_19;
    }

    /** MAP_DROPPABLE, of anonymous memory: 6.11 and later (9651fcedf7b9). */
    public boolean hasDroppable() {
        return this == V6_18;
    }

    /** MAP_FIXED_NOREPLACE: 4.17 and later (a4ff8e8620d3). */
    public boolean hasFixedNoreplace() {
        return hasReasons();
    }

    /** mm/mmap.c: file_mmap_ok, 4.17 and later (be83bbf80682). */
    public boolean limitsFileOffsets() {
        return hasReasons();
    }

    /** mm/vma.c: __mmap_prepare looks at the commit limit before what is there is unmapped, 6.12 and later; mmap_region after. */
    public boolean mmapCommitsFirst() {
        return this == V6_18;
    }

    /** mm/mremap.c: vma_to_resize says EFAULT for what is more than the commit limit, until 4.0. */
    public boolean mremapCommitFaults() {
        return this == V3_16 || this == V3_19;
    }

    /** madvise has one gather for all mappings of a call: mm/madvise.c, madvise_init_tlb, 6.18. */
    public boolean dontneedSharesGather() {
        return this == V6_18;
    }

    /** mm/mmap.c: munmap and brk downgrade mmap_lock before the zap, 4.20 and later. */
    public boolean munmapDowngrades() {
        return hasReasons();
    }

    /** fork copies the entries of the hugetlb pool also where there is no anon_vma: mm/memory.c, copy_page_range, until 5.19 (bcd51a3c679d). */
    public boolean forkCopiesHugetlbAlways() {
        return !hasReasons();
    }

    /** What the hugetlb pool's shared mappings notify of contains all that another process may share the table of: 5.0 and later. */
    public boolean hugetlbExtendsRanges() {
        return hasReasons();
    }

    /** RLIMIT_DATA is for all that a process writes to of its own, and not for the heap only: mm/mmap.c, may_expand_vm, 4.5 and later (84638335900f). */
    public boolean limitsData() {
        return this != V3_16 && this != V3_19;
    }

    /** With vm.overcommit_memory=0 one call may have as much as there is memory and swap: mm/util.c, __vm_enough_memory, 5.2 and later (8c7829b04c52). */
    public boolean guessesByTotal() {
        return hasReasons();
    }

    /** F_SEAL_WRITE and other seals: mm/shmem.c, 3.17 and later (40e041a2c858). */
    public boolean hasSeals() {
        return this != V3_16;
    }

    /** F_SEAL_FUTURE_WRITE: 5.1 and later (ab3948f58ff8). */
    public boolean hasSealFutureWrite() {
        return hasReasons();
    }

    /** What is sealed against writes may be mapped shared all the same, if not to be written to: 6.7 and later (158978945f31). */
    public boolean mapsSealedFiles() {
        return this == V6_18;
    }

    /** Each mapping has a lock of its own, which CPUs' faults try first: mm/memory.c, lock_vma_under_rcu, 6.4 and later. */
    public boolean hasVmaLocks() {
        return this == V6_6 || this == V6_18;
    }

    /**
     * With a mapping's lock only, faults are not served of anonymous memory without anon_vma, of the hugetlb pool, or without
     * permission: mm/memory.c, lock_vma_under_rcu, mm/hugetlb.c, hugetlb_fault, arch/x86/mm/fault.c, until 6.9.
     */
    public boolean vmaLockNeedsAnonVma() {
        return this == V6_6;
    }

    /** With a mapping's lock only, faults of files map what is in the page cache, for reads: mm/memory.c, do_read_fault, until 6.6. */
    public boolean vmaLockMapsCachedPagesOnly() {
        return this == V6_6;
    }

    /** Where a mapping's lock is held, the mmap lock is tried for the mapping's anon_vma: mm/memory.c, vmf_anon_prepare, 6.10 and later. */
    public boolean anonVmaByTrylock() {
        return this == V6_18;
    }

    /** madvise's dontneed and free of one mapping of the caller's own hold only its lock: mm/madvise.c, madvise_lock, 6.17 and later. */
    public boolean advisesUnderVmaLock() {
        return this == V6_18;
    }

    /** UFFDIO_COPY and UFFDIO_ZEROPAGE hold the lock of the mapping that they fill: mm/userfaultfd.c, uffd_mfill_lock, 6.9 and later. */
    public boolean fillsUnderVmaLock() {
        return this == V6_18;
    }

    /** mm/mmap.c: exit_mmap zaps under the read lock and frees tables under the write lock, 5.17 and later. */
    public boolean exitLocks() {
        return hasReasons();
    }

    /** The level whose pieces mprotect notifies for: 3 (a gigabyte) in change_pmd_range until 6.8, 4 in change_pud_range then. */
    public int protectNotifiesPer() {
        return this == V6_18 ? 4 : 3;
    }

    /** mprotect flushes by a gather, entry by entry (pte_needs_flush), at the end of the call: 5.18 and later (4a18419f71cd). */
    public boolean protectGathers() {
        return hasReasons();
    }

    /** mprotect takes VM_ACCOUNT from what can no longer be written to and has no page yet, 6.6 and later. */
    public boolean protectUnaccounts() {
        return this == V6_6 || this == V6_18;
    }

    /** mprotect copies the pages of what is locked and becomes writable, 4.2 and later (36f881883c57). */
    public boolean protectCopiesLocked() {
        return this != V3_16 && this != V3_19;
    }

    /** mprotect makes an entry writable where no fault would do anything else: MM_CP_TRY_CHANGE_WRITABLE, 6.0 and later (64fe24a3e05e). */
    public boolean protectMakesWritable() {
        return hasReasons();
    }

    /** A file that grows behind the middle of a page has that page write-protected: pagecache_isize_extended, 3.18 and later (90a8020278c1). */
    public boolean extensionCleans() {
        return this != V3_16;
    }

    /** ext4 writes a hole's dirty pages back before it drops them: ext4_punch_hole until 6.13 (later ext4_truncate_page_cache_block_range, which does not). */
    public boolean punchWritesBack() {
        return this != V6_18;
    }

    /**
     * Who unmaps or write-protects a page through the reverse mapping notifies of a range, 4.14 and later (369ea8242c0f,
     * cdb07bdea28e); before, of the page, when it is done.
     */
    public boolean rmapNotifiesRanges() {
        return !hasInvalidatePage();
    }

    /** Reclaim puts the CPUs' flush off where another CPU has the space loaded: TTU_BATCH_FLUSH, 4.3 and later (72b252aed506). */
    public boolean unmapDefersFlush() {
        return this != V3_16 && this != V3_19;
    }

    /** try_to_unmap_one asks for the accessed bit once more: until 5.10 (013339df116c). */
    public boolean unmapAsksYoung() {
        return !hasReasons();
    }

    /** Reclaim frees what it took when a folio_batch is full, 31 pages: mm/vmscan.c, shrink_folio_list, 6.18; before, all at the end. */
    public int reclaimFreesAtOnce() {
        return this == V6_18 ? 31 : Integer.MAX_VALUE;
    }

    /** A page that comes in from swap by a read is mapped writable at once if it is its mapping's own: do_swap_page, 6.18. */
    public boolean swapInMakesWritable() {
        return this == V6_18;
    }

    /**
     * mm/madvise.c: madvise_behavior_valid. MADV_FREE came in 4.5, MADV_WIPEONFORK in 4.14, MADV_COLD and MADV_PAGEOUT in
     * 5.4 (9c276cc65a58, 1a4e58cce84e), MADV_POPULATE_READ in 5.14, MADV_DONTNEED_LOCKED in 5.18, MADV_COLLAPSE in 6.1,
     * MADV_GUARD_INSTALL in 6.13 (662df3e5c376).
     */
    public boolean knows(Advice advice) {
        return switch (advice) {
            case DONTNEED, REMOVE, WILLNEED, DONTFORK, DOFORK, NORMAL, RANDOM, SEQUENTIAL, MERGEABLE, UNMERGEABLE, DONTDUMP, DODUMP, HUGEPAGE,
                    NOHUGEPAGE -> true;
            case GUARD_INSTALL, GUARD_REMOVE -> this == V6_18;
            case FREE, WIPEONFORK, KEEPONFORK -> this != V3_16 && this != V3_19;
            case COLD, PAGEOUT, POPULATE_READ, POPULATE_WRITE, DONTNEED_LOCKED, COLLAPSE -> hasReasons();
        };
    }

    /** MADV_REMOVE is for what might be made writable too: vma_is_shared_maywrite, 6.7 and later (e8e17ee90eaf). */
    public boolean removeNeedsMaywrite() {
        return this == V6_18;
    }

    /** KSM tells secondary TLBs under the lock of the table: ptep_clear_flush_notify in mm/ksm.c, 3.19 to 4.14. */
    public boolean ksmInvalidates() {
        return this == V3_19;
    }

    /** userfaultfd: 4.3 and later (86039bd3b4e6). */
    public boolean hasUserfaultfd() {
        return this != V3_16 && this != V3_19;
    }

    /** UFFDIO_WRITEPROTECT: 5.7 and later (63b2d4174c4a). */
    public boolean hasUserfaultfdWp() {
        return hasReasons();
    }

    /** uffd_wp_range makes an entry writable where no fault would do anything else: 6.2 and later (6a56ccbcf6c6). */
    public boolean uffdMakesWritable() {
        return this == V6_6 || this == V6_18;
    }

    /** A migration entry remembers whether the page was used and written to: 6.1 and later (2e3468778dbe). */
    public boolean migrationKeepsYoung() {
        return hasReasons();
    }

    /** migrate_pages unmaps a batch, flushes once, and copies then: 6.3 and later (5dfab109d519, 7e12beb8ca2a). */
    public boolean migrationUnmapsAllFirst() {
        return this == V6_6 || this == V6_18;
    }

    /** mbind lets go of the mmap lock before it moves pages: 6.7 and later (72e315f7a750). */
    public boolean mbindUnlocksFirst() {
        return this == V6_18;
    }

    /** Anonymous pages know whether they are one mapping's own: PG_anon_exclusive, 5.19 and later (6c287605fd56). */
    public boolean anonExclusive() {
        return hasReasons();
    }

    /** The old frame's mapping reference goes after the notifier's end: mm/memory.c, wp_page_copy, 6.5 and later. */
    public boolean copyDropsAfterEnd() {
        return this == V6_6 || this == V6_18;
    }

    /** The new page of a copy is charged and copied, and anon_vma prepared, before the range opens; all versions. MM_SHMEMPAGES: 4.5 and later. */
    public boolean countsShmem() {
        return this != V3_16 && this != V3_19;
    }

    /** drivers/iommu/amd_iommu_v2.c: do_fault does not look at the VMA's permission, 3.19 only (3.16 goes through get_user_pages). */
    public boolean remoteFaultIgnoresPermission() {
        return this == V3_19;
    }

    /** drivers/iommu/intel/cache.c: calculate_psi_aligned_address, 6.10 and later; before that svm.c rounds the page count up. */
    public boolean iommuCoversByOneBlock() {
        return this == V6_18;
    }

    /** drivers/iommu/amd/ppr.c: amd_iommu_restart_ppr_log, 6.6 and later; before, a log that had overflowed stayed so. */
    public boolean amdRestartsRequestLog() {
        return this == V6_6 || this == V6_18;
    }

    /** drivers/iommu/amd/ppr.c: ppr_is_valid, 6.10 and later. */
    public boolean amdChecksRequests() {
        return this == V6_18;
    }

    /** drivers/iommu/amd/iommu.c: gcr3_info.domid: each device's guest translations have a domain of their own, 6.10 and later. */
    public boolean amdGivesDevicesDomains() {
        return this == V6_18;
    }

    /** drivers/iommu/amd_iommu.c: iommu_print_event names PASIDs and pads no addresses, 4.18 and later; intel/dmar.c likewise, 5.17. */
    public boolean iommuLogsPasids() {
        return hasReasons();
    }

    /** drivers/iommu/amd_iommu.c: amd_iommu_report_page_fault, 4.13 and later; dmar.c: pr_fmt and faults of one line, 4.2 and later. */
    public boolean iommuFaultsAreTheDevices() {
        return this != V3_16 && this != V3_19;
    }

    /** arm-smmu-v3.c: arm_smmu_dump_event says what a record means, 6.14 and later; before, four words. */
    public boolean smmuExplainsEvents() {
        return this == V6_18;
    }

    /** mm/mmap.c: an anonymous mapping without hint whose length is a multiple of 2 MiB is aligned to it, 6.18. */
    public boolean alignsToHugePages() {
        return this == V6_18;
    }

    /** A mapping that grows down does so with mmap_lock held for writing: lock_mm_and_find_vma, 6.5 and later (8d7071af8907). */
    public boolean expandsWithWriteLock() {
        return this == V6_6 || this == V6_18;
    }

    /** A mapping that grows down keeps away from others: stack_guard_gap, 4.12 and later (1be7107fbe18). */
    public boolean stackKeepsGap() {
        return this != V3_16 && this != V3_19;
    }

    /** MAP_STACK says that huge pages are not welcome, 6.7 and later (c4608d1bf7c6). */
    public boolean stacksAreSmall() {
        return this == V6_18;
    }

    /** A fork child's anon_vma may be merged with none where the other side is no fork child (6.19) or its chain is singular (before). */
    public boolean mergeNeedsSingularChain() {
        return this != V6_18;
    }

    // ---------------------------------------------------------------- transparent huge pages

    /** mm/huge_memory.c: what splits a large entry splits its page, wherever it is mapped, until 4.5 (eef1b3ba053a). */
    public boolean pmdSplitSplitsPage() {
        return this == V3_16 || this == V3_19;
    }

    /** mm/huge_memory.c: __split_huge_zero_page_pmd notifies secondary TLBs itself, 3.19 to 4.14 (0f10851ea475). */
    public boolean hugeZeroSplitInvalidates() {
        return this == V3_19;
    }

    /** mm/huge_memory.c: __split_huge_page_map makes every small entry dirty, until 4.5. */
    public boolean splitDirtiesEntries() {
        return this == V3_16 || this == V3_19;
    }

    /** mm/huge_memory.c: __split_huge_pmd_locked hands the dirty bit on to the small entries, 6.1 and later (0ccf7f168e17). */
    public boolean splitKeepsDirty() {
        return hasReasons();
    }

    /** mm/huge_memory.c: do_huge_pmd_wp_page copies a huge page as one, until 5.8 (3917c80280c9). */
    public boolean copiesHugePages() {
        return !hasReasons();
    }

    /** mm/huge_memory.c: do_huge_zero_wp_pmd, 6.13 and later; until 5.8 as any huge page. */
    public boolean replacesHugeZeroPage() {
        return this == V6_18 || copiesHugePages();
    }

    /** mm/huge_memory.c: hugepage_madvise refuses what is said twice, until 4.0 (1a763615802d). */
    public boolean hugepageAdviceOnce() {
        return this == V3_16 || this == V3_19;
    }

    /** mm/memory.c: a page of a compound one that only one space maps is reused, __wp_can_reuse_large_anon_folio, 6.15 and later (1da190f4d0a6). */
    public boolean reusesLargeFolios() {
        return this == V6_18;
    }

    /** mm/migrate.c: a page of zeros of a split huge page becomes the zero page, try_to_map_unused_to_zeropage, 6.12 and later (b1f202060afe). */
    public boolean splitMapsZeroPage() {
        return this == V6_18;
    }

    /** mm/huge_memory.c: change_huge_pmd clears the entry with a flush, 4.12 (ced108037c2a) to 5.17, else leaves it to the caller. */
    public boolean protectInvalidatesHuge() {
        return this == V4_15;
    }

    /** mm/rmap.c: try_to_unmap_one and try_to_migrate_one split a large entry within their own range, 6.10 and later (29e847d2a1e2). */
    public boolean rmapSplitsInside() {
        return this == V6_18;
    }

    /** mm/mprotect.c, mm/huge_memory.c: change_huge_pmd makes an entry writable at once, can_change_pmd_writable, 6.2 and later. */
    public boolean protectMakesHugeWritable() {
        return this == V6_6 || this == V6_18;
    }

    /** mm/khugepaged.c: all pages must be mapped writable, and none be the zero page, until 4.0 (10359213d05a, ca0984caa823). */
    public boolean collapseWantsWritable() {
        return this == V3_16 || this == V3_19;
    }

    /** mm/khugepaged.c: one page must be mapped writable (SCAN_PAGE_RO), 4.0 to 6.17; 6.18 was seen to collapse without. */
    public boolean collapseNeedsOneWritable() {
        return !collapseWantsWritable() && this != V6_18;
    }

    /** mm/khugepaged.c: pages in swap are brought in, 4.8 and later (8a966ed746d6). */
    public boolean collapseSwapsIn() {
        return this != V3_16 && this != V3_19;
    }

    /** mm/khugepaged.c: pages that others map too are taken, 5.8 and later (9445689f3b61). */
    public boolean collapseTakesShared() {
        return hasReasons();
    }

    /** mm/khugepaged.c: whether a page was used matters whoever collapses, until there was madvise for it in 6.1. */
    public boolean collapseAsksYoungAlways() {
        return !hasReasons();
    }

    /** include/asm-generic/tlb.h: a gather knows how large what it cleared was: tlb_get_unmap_shift, 4.19 and later (a6d60245d6d9). */
    public boolean gatherKnowsLevels() {
        return hasReasons();
    }

    /** mm/pt_reclaim.c: MADV_DONTNEED frees page tables that it empties, CONFIG_PT_RECLAIM, 6.14 and later (6375e95f381e). */
    public boolean dontneedFreesTables() {
        return this == V6_18;
    }

    // ---------------------------------------------------------------- uprobes, the OOM reaper

    /** kernel/events/uprobes.c: a page without breakpoints that equals its file's is dropped, 5.4 and later (fb4fb04ff4dd). */
    public boolean uprobeRestoresFilePage() {
        return hasReasons();
    }

    /** kernel/events/uprobes.c: the page is copied as by a write, and changed in place, 6.15 and later (e3a4bc0b58f2). */
    public boolean uprobeWritesInPlace() {
        return this == V6_18;
    }

    /** mm/oom_kill.c: the OOM reaper, 4.6 and later (aac453635549). */
    public boolean hasOomReaper() {
        return this != V3_16 && this != V3_19;
    }

    /** mm/oom_kill.c: an address space with notifiers is not reaped, until 5.0 (93065ac753e4). */
    public boolean oomReaperSparesNotifiers() {
        return this == V4_15;
    }

    // ---------------------------------------------------------------- hugetlb

    /** mm/hugetlb.c: __unmap_hugepage_range notifies by itself, until 6.2 (369258ce41c6). */
    public boolean hugetlbUnmapNotifies() {
        return this != V6_6 && this != V6_18;
    }

    /** mm/hugetlb.c: copies and new protections tell secondary TLBs at once, 3.19 to 4.14 (0f10851ea475). */
    public boolean hugetlbCopyInvalidates() {
        return this == V3_19;
    }

    /** mm/mremap.c: mappings of the hugetlb pool can be moved, 5.16 and later (550a7d60bd5e). */
    public boolean hugetlbMoves() {
        return hasReasons();
    }

    /** mm/madvise.c: MADV_DONTNEED takes whole pages of the hugetlb pool, 5.18 and later (90e7e7f5ef3f). */
    public boolean hugetlbDontneed() {
        return hasReasons();
    }

    // ---------------------------------------------------------------- mremap

    /** MREMAP_DONTUNMAP: 5.7 and later (e346b3813067). */
    public boolean hasDontunmap() {
        return hasReasons();
    }

    /** mm/mremap.c: move_ptes flushes each extent under both page-table locks, 4.15.18 and 4.20 and later (eb66ae030829); before, once at the end. */
    public boolean moveFlushesExtents() {
        return this != V3_16 && this != V3_19;
    }

    /** mm/mremap.c: move_normal_pmd (5.0) and move_normal_pud (5.11) move whole tables; the limit of 64 pages an extent went then. */
    public boolean movesTables() {
        return hasReasons();
    }

    /** mm/mremap.c: try_realign_addr, 6.7 and later (af8ca1c14906). */
    public boolean moveRealigns() {
        return this == V6_18;
    }

    /** mm/mremap.c: move_page_tables returns at once for a length of 0, 5.18 and later. */
    public boolean moveOfNothingIsSilent() {
        return hasReasons();
    }

    /** mm/mremap.c: a private mapping may not be duplicated, 4.14 and later (dba58d3b8c50). */
    public boolean mremapKeepsPrivateSingle() {
        return this != V3_16 && this != V3_19;
    }

    /** mm/mremap.c: mremap_to leaves early where mappings might run out, 5.2 and later (ea2c3f6f5545). */
    public boolean mremapChecksCount() {
        return hasReasons();
    }

    /** mm/mremap.c: the mapping is looked up before anything else is done, 5.16 and later (550a7d60bd5e). */
    public boolean mremapLooksFirst() {
        return hasReasons();
    }

    /** mm/mremap.c: check_mremap_params and check_prep_vma come before anything is unmapped, 6.17 and later. */
    public boolean mremapChecksPlaceFirst() {
        return this == V6_18;
    }

    /** mm/mremap.c: remap_move takes several mappings, 6.17 and later (d23cb648e365). */
    public boolean mremapMovesSeveral() {
        return this == V6_18;
    }

    /** mm/mremap.c: what grows in place is merged with the next mapping, 6.0 and later (ca3d76b0aa80). */
    public boolean mremapMergesGrowth() {
        return hasReasons();
    }

    /** mm/mremap.c: vrm_stat_account counts what moved as locked, and dontunmap_complete does not take off what stayed, 6.17 and later. */
    public boolean dontunmapCountsTwice() {
        return this == V6_18;
    }

    // ---------------------------------------------------------------- locking pages, forgetting bits

    /** mm/mseal.c: mseal, 6.10 and later (8be7258aad44). */
    public boolean hasMseal() {
        return this == V6_18;
    }

    /** mm/memory.c: do_fault has its page table ready and puts it in with the first page, 4.10 and later; before, handle_mm_fault did. */
    public boolean faultsMakeTablesLate() {
        return this != V3_16 && this != V3_19;
    }

    /** mm/filemap.c: filemap_map_pages puts in no table where the first page that it finds is the file's last (74207de2ba10; seen on 6.18.44). */
    public boolean lastPageNeedsTable() {
        return this == V6_18;
    }

    /** mm/mlock.c: mlock2, 4.4 and later. */
    public boolean hasMlock2() {
        return this != V3_16 && this != V3_19;
    }

    /** fs/proc/task_mmu.c: clear_refs knows the number 5, 4.0 and later (695f05593693). */
    public boolean clearsHighWater() {
        return this != V3_16 && this != V3_19;
    }

    /** fs/proc/task_mmu.c: clear_refs holds mmap_lock for writing, 5.12 and later; before, for reading. */
    public boolean clearRefsWrites() {
        return hasReasons();
    }

    /** fs/proc/task_mmu.c: clear_refs flushes for accessed bits too, until 5.12. */
    public boolean clearRefsFlushesAlways() {
        return !hasReasons();
    }

    /** fs/proc/task_mmu.c: clear_refs flushes by a gather of everything, 4.13 to 5.11. */
    public boolean clearRefsGathers() {
        return this == V4_15;
    }
}
