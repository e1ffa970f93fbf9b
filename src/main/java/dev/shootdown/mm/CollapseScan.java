package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Use;
import dev.shootdown.notifier.TestYoung;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/**
 * Looks whether the small pages of two megabytes could be one huge page, and makes it so. The caller holds the mmap lock
 * for reading, which is let go of. The result is a {@link CollapseResult}'s ordinal.
 *
 * @param own whether it is the kernel's own thread, which does not for every page
 */
@Cites("mm/khugepaged.c: khugepaged_scan_pmd, 3.16-5.19; hpage_collapse_scan_pmd, 6.1-6.18")
record CollapseScan(int mm, long start, boolean own) implements KernelStep {
    /** khugepaged_max_ptes_none. */
    private static final int MAX_PTES_NONE = Thp.PAGES - 1;
    /** khugepaged_max_ptes_swap. */
    private static final int MAX_PTES_SWAP = Thp.PAGES / 8;
    /** khugepaged_max_ptes_shared. */
    private static final int MAX_PTES_SHARED = Thp.PAGES / 2;

    @Override
    public void run(Kernel kernel, Turn turn) {
        Vma vma = kernel.alive(mm) ? kernel.vmas().at(mm, start) : null;
        CollapseResult refused = refused(kernel, vma);
        if (refused != null) {
            turn.then(new MmapLock.ReadUnlock(mm), new Result(refused.ordinal(), null));
            return;
        }
        long table = kernel.pteTable(mm, start);
        turn.then(
                new PageTableLock.Lock(table),
                new Pte(new Place(vma, start, table, own), 0, Seen.NOTHING),
                new PageTableLock.Unlock(table),
                new MmapLock.ReadUnlock(mm),
                new CollapseHugePage(mm, start, own));
    }

    /** Why the two megabytes cannot be looked at, or null: hugepage_vma_revalidate(), find_pmd_or_thp_or_none(). */
    private CollapseResult refused(Kernel kernel, Vma vma) {
        if (vma == null || !Thp.suitable(vma, start) || !kernel.thp().allowable(vma, !own)) {
            return CollapseResult.VMA_CHECK;
        }
        long pmdTable = kernel.thp().table(mm, start);
        if (kernel.thp().at(mm, start) != 0) {
            return CollapseResult.PMD_MAPPED;
        }
        return pmdTable == 0 ? CollapseResult.PMD_NULL : kernel.pteTable(mm, start) == 0 ? CollapseResult.PMD_NONE : null;
    }

    /** What is looked at. */
    record Place(Vma vma, long start, long table, boolean own) {
        long address(int index) {
            return start + index * Frames.PAGE_SIZE;
        }
    }

    /**
     * What was found so far.
     *
     * @param none       entries that are empty, or map the zero page
     * @param swapped    entries of pages in swap
     * @param shared     entries of pages that others map too
     * @param referenced entries of pages that were used
     * @param writable   whether one may be written to
     */
    record Seen(int none, int swapped, int shared, int referenced, boolean writable) {
        static final Seen NOTHING = new Seen(0, 0, 0, 0, false);

        Seen page(boolean isShared, boolean used, boolean mayWrite) {
            return new Seen(none, swapped, shared + (isShared ? 1 : 0), referenced + (used ? 1 : 0), writable || mayWrite);
        }
    }

    /** The entries one after the other; whether a page was used whose entry does not say so, subscribers are asked. */
    @Cites("mm/khugepaged.c: khugepaged_scan_pmd, __collapse_huge_page_isolate, 3.16-6.18; mmu_notifier_test_young")
    record Pte(Place place, int index, Seen seen) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            Seen so = seen;
            for (int i = index; i < Thp.PAGES; i++) {
                long entry = kernel.tables().entry(place.table, place.address(i), 1);
                CollapseResult refused = refused(kernel, entry, so);
                if (refused != null) {
                    turn.result(refused.ordinal());
                    return;
                }
                if (empty(kernel, entry)) {
                    so = new Seen(so.none + 1, so.swapped, so.shared, so.referenced, so.writable);
                } else if (!Entry.mapped(entry)) {
                    so = new Seen(so.none, so.swapped + 1, so.shared, so.referenced, so.writable);
                } else {
                    boolean used = (entry & Entry.ACCESSED) != 0 || kernel.folios().has(Entry.frame(entry), Folios.REFERENCED);
                    so = so.page(kernel.frames().mappings(Entry.frame(entry)) > 1, used, Entry.writable(entry));
                    if (!used && (place.own || kernel.version().collapseAsksYoungAlways())) {
                        turn.then(new TestYoung(place.vma.mm(), place.address(i)), new Pte(place, i + 1, so));
                        return;
                    }
                }
            }
            turn.result(result(kernel.version(), so).ordinal());
        }

        private static boolean empty(Kernel kernel, long entry) {
            return entry == 0 || Entry.mapped(entry) && Entry.frame(entry) == kernel.zeroFrame();
        }

        /** Why an entry keeps the pages from being one, or null. */
        private CollapseResult refused(Kernel kernel, long entry, Seen so) {
            KernelVersion version = kernel.version();
            if (empty(kernel, entry)) {
                boolean zero = entry != 0 && version.collapseWantsWritable();
                return zero ? CollapseResult.PAGE_NULL : place.own && so.none + 1 > MAX_PTES_NONE ? CollapseResult.EXCEED_NONE_PTE : null;
            }
            if (SwapEntry.swapped(entry) && version.collapseSwapsIn()) {
                return place.own && so.swapped + 1 > MAX_PTES_SWAP ? CollapseResult.EXCEED_SWAP_PTE : null;
            }
            if (!Entry.mapped(entry) || version.collapseWantsWritable() && !Entry.writable(entry)) {
                return CollapseResult.PTE_NON_PRESENT;
            }
            if ((entry & Entry.UFFD_WP) != 0) {
                return CollapseResult.PTE_UFFD_WP;
            }
            return page(kernel, Entry.frame(entry), so);
        }

        /** Whether nobody holds a page but page tables and the swap cache, and not too many are shared. */
        private CollapseResult page(Kernel kernel, long frame, Seen so) {
            long cached = kernel.swap().slot(frame) != 0 ? 1 : 0;
            boolean shares = kernel.version().collapseTakesShared();
            if (kernel.frames().use(frame) != Use.ANONYMOUS || kernel.folios().has(frame, Folios.KSM)) {
                return CollapseResult.PAGE_NULL;
            }
            if (shares && place.own && kernel.frames().mappings(frame) > 1 && so.shared + 1 > MAX_PTES_SHARED) {
                return CollapseResult.EXCEED_SHARED_PTE;
            }
            long mapped = shares ? kernel.frames().mappingsOfAll(frame) : 1;
            boolean compound = kernel.frames().compound(frame);
            return !compound && kernel.frames().references(frame) != mapped + cached ? CollapseResult.PAGE_COUNT : null;
        }

        private CollapseResult result(KernelVersion version, Seen so) {
            if (!so.writable && version.collapseNeedsOneWritable()) {
                return CollapseResult.PAGE_RO;
            }
            boolean idle = so.referenced == 0 || so.swapped > 0 && so.referenced < Thp.PAGES / 2;
            return idle && (place.own || version.collapseAsksYoungAlways()) ? CollapseResult.LACK_REFERENCED_PAGE : CollapseResult.SUCCEED;
        }
    }
}
