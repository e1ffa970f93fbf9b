package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.notifier.InvalidateRange;
import dev.shootdown.notifier.NotifyEnd;
import dev.shootdown.notifier.NotifyStart;
import dev.shootdown.notifier.Reason;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import java.util.ArrayList;
import java.util.List;

/**
 * The large entry of a huge page becomes a table of small ones. From 4.5 on the page itself stays one; before, it is
 * split too, wherever it is mapped ({@link SplitHugePage}). The range notified is the whole huge page, whatever the
 * caller is about.
 */
sealed interface SplitHugePmd extends KernelStep {
    /**
     * Splits what maps an address, if it is large. From 4.5 on the range is notified of even if it is not.
     *
     * @param freeze the huge page whose entry becomes migration entries, at which everybody waits; 0 where it does not
     */
    @Cites("mm/huge_memory.c: __split_huge_page_pmd, 3.16-4.4; __split_huge_pmd, split_huge_pmd_address, 4.5-6.18")
    record Split(int mm, long address, long freeze) implements SplitHugePmd {
        Split(int mm, long address) {
            this(mm, address, 0);
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            long start = Thp.start(address);
            long table = kernel.thp().table(mm, start);
            if (table == 0 || kernel.version().pmdSplitSplitsPage() && kernel.thp().at(mm, address) == 0) {
                return;
            }
            NotifyStart begin = new NotifyStart(mm, start, start + Thp.SIZE, Reason.CLEAR, true);
            NotifyEnd end = new NotifyEnd(mm, start, start + Thp.SIZE, Reason.CLEAR, true, true);
            if (kernel.version().pmdSplitSplitsPage()) {
                turn.then(begin, new PageTableLock.Lock(table), new Zero(mm, start, table), end, new Again(mm, start));
            } else {
                turn.then(begin, new PageTableLock.Lock(table), new Locked(mm, start, table, freeze), end);
            }
        }
    }

    /** The same within a range that is notified of already: newer kernels' reverse mapping, with the lock held anyway. */
    @Cites("mm/huge_memory.c: split_huge_pmd_locked, 6.10-6.18")
    record Inside(int mm, long address, long freeze) implements SplitHugePmd {
        @Override
        public void run(Kernel kernel, Turn turn) {
            if (kernel.thp().at(mm, address) != 0) {
                long start = Thp.start(address);
                long table = kernel.thp().table(mm, start);
                turn.then(new PageTableLock.Lock(table), new Locked(mm, start, table, freeze));
            }
        }
    }

    /** Makes the entry invalid and flushes it, under the lock; the huge zero page's is cleared. */
    @Cites("mm/huge_memory.c: __split_huge_pmd_locked, 4.5-6.18; __split_huge_zero_page_pmd, pmdp_huge_clear_flush, pmdp_invalidate")
    record Locked(int mm, long start, long table, long freeze) implements SplitHugePmd {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long entry = kernel.thp().at(mm, start);
            if (entry == 0 || freeze != 0 && Entry.frame(entry) != freeze) {
                turn.perform(new PageTableLock.Unlock(table));
            } else if (kernel.thp().isZero(entry)) {
                clearZero(kernel, turn, mm, start, table, entry);
            } else {
                invalidate(kernel, turn, mm, start, table, entry);
                turn.then(flush(kernel, mm, start), new Populate(mm, start, table, entry, freeze != 0));
            }
        }
    }

    /** Older kernels look first whether it is the huge zero page, of which only this entry is split. */
    @Cites("mm/huge_memory.c: __split_huge_page_pmd, __split_huge_zero_page_pmd, 3.16-4.4")
    record Zero(int mm, long start, long table) implements SplitHugePmd {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long entry = kernel.thp().at(mm, start);
            if (entry != 0 && kernel.thp().isZero(entry)) {
                clearZero(kernel, turn, mm, start, table, entry);
            } else {
                turn.perform(new PageTableLock.Unlock(table));
            }
        }
    }

    /** Older kernels: what is still large is of a page, which is split as a whole. */
    @Cites("mm/huge_memory.c: __split_huge_page_pmd, split_huge_page, 3.16-4.4")
    record Again(int mm, long start) implements SplitHugePmd {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long entry = kernel.thp().at(mm, start);
            if (entry != 0) {
                long head = Entry.frame(entry);
                kernel.frames().get(head);
                turn.then(new SplitHugePage(mm, head), new MigratePages.Put(mm, head));
            }
        }
    }

    private static void clearZero(Kernel kernel, Turn turn, int mm, long start, long table, long entry) {
        turn.then(new Populate(mm, start, table, entry, false));
        if (kernel.version().hugeZeroSplitInvalidates()) {
            turn.then(new InvalidateRange(mm, start, start + Thp.SIZE));
        }
        turn.then(flush(kernel, mm, start));
        kernel.thp().set(table, start, 0);
        PageTables.changed(kernel, turn, mm, "clear", start, Thp.SIZE, "pmdp_huge_clear_flush");
    }

    /** pmdp_invalidate() without its flush: hardware finds nothing, and the kernel still a huge page. */
    static void invalidate(Kernel kernel, Turn turn, int mm, long start, long table, long entry) {
        kernel.thp().set(table, start, entry & ~(Entry.PRESENT | Entry.PROTNONE));
        PageTables.changed(kernel, turn, mm, "clear", start, Thp.SIZE, "pmdp_invalidate");
    }

    /** flush_pmd_tlb_range(): of a huge page. */
    static CpuFlush.FlushTlbMmRange flush(Kernel kernel, int mm, long start) {
        return new CpuFlush.FlushTlbMmRange(mm, start, start + Thp.SIZE, kernel.version().wholeFlushSaysTables());
    }

    /** The table that was kept is filled and hooked in; then the lock is let go. */
    @Cites("mm/huge_memory.c: __split_huge_pmd_locked, 4.5-6.18, __split_huge_page_map, 3.16-4.4; pmd_populate")
    record Populate(int mm, long start, long table, long old, boolean freeze) implements SplitHugePmd {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long small = kernel.thp().withdraw(table, start);
            fill(kernel, small, old, freeze);
            kernel.thp().set(table, start, Entry.of(small, PageTables.DIRECTORY));
            PageTables.changed(kernel, turn, mm, freeze ? "migrate" : "set", start, Thp.SIZE, null);
            turn.perform(new PageTableLock.Unlock(table));
        }
    }

    /** Fills a table with the entries of a huge page's pages, or of the zero page. */
    static void fill(Kernel kernel, long table, long old, boolean freeze) {
        boolean zero = kernel.thp().isZero(old);
        long head = Entry.frame(old);
        long bits = bits(kernel, old, zero);
        for (int i = 0; i < Thp.PAGES; i++) {
            long page = zero ? kernel.zeroFrame() : head + i;
            long entry = freeze && !zero ? migration(kernel, old, page, head) : Entry.of(page, bits);
            kernel.tables().entry(table, i * Frames.PAGE_SIZE, 1, entry);
        }
        if (!zero && kernel.frames().compound(head)) {
            count(kernel, head, freeze);
        }
    }

    /** What the small entries say: what the large one said, for one page. */
    private static long bits(Kernel kernel, long old, boolean zero) {
        long bits = old & ~Entry.HUGE & ~Entry.of(Entry.frame(-1L), 0);
        if (zero) {
            return bits & ~Entry.ACCESSED | Entry.SPECIAL;
        }
        if (Entry.dirty(old)) {
            kernel.folios().mark(Entry.frame(old), Folios.DIRTY);
        }
        boolean dirty = kernel.version().splitDirtiesEntries() || kernel.version().splitKeepsDirty() && Entry.dirty(old);
        return dirty ? bits | Entry.DIRTY : bits & ~Entry.DIRTY;
    }

    private static long migration(Kernel kernel, long old, long page, long head) {
        int type = Entry.writable(old) ? SwapEntry.MIGRATION_WRITE
                : kernel.folios().has(head, Folios.ANON_EXCLUSIVE) ? SwapEntry.MIGRATION_READ_EXCLUSIVE : SwapEntry.MIGRATION_READ;
        return TryToMigrate.entry(kernel, old, type, page);
    }

    /** One mapping of all becomes one of each, or where they are frozen none; so do references. */
    private static void count(Kernel kernel, long head, boolean freeze) {
        boolean exclusive = kernel.folios().has(head, Folios.ANON_EXCLUSIVE);
        kernel.folios().unmark(head, Folios.ANON_EXCLUSIVE);
        kernel.frames().mappedWhole(head, -1);
        kernel.frames().references(head, freeze ? -1 : Thp.PAGES - 1);
        for (int i = 0; i < Thp.PAGES && !freeze; i++) {
            kernel.frames().mapped(head + i, 1);
            if (exclusive && kernel.frames().mappingsWhole(head) == 0) {
                kernel.folios().mark(head + i, Folios.ANON_EXCLUSIVE);
            }
        }
    }

    /**
     * What comes before a mapping is cut at one or two addresses inside it: an edge that is inside a huge page, or where one
     * could be, splits it: vma_adjust_trans_huge(), split_huge_pmd_if_needed().
     */
    static void edges(Kernel kernel, Turn turn, Vma vma, long start, long end) {
        List<Step> steps = new ArrayList<>();
        long low = vma.start();
        if (start > vma.start()) {
            edge(kernel, steps, vma, low, start);
            low = start;
        }
        if (end < vma.end()) {
            edge(kernel, steps, vma, low, end);
        }
        turn.then(steps);
    }

    private static void edge(Kernel kernel, List<Step> steps, Vma vma, long low, long address) {
        long start = Thp.start(address);
        if (address != start && low <= start && start + Thp.SIZE <= vma.end() && kernel.thp().table(vma.mm(), address) != 0) {
            steps.add(new Split(vma.mm(), address));
        }
    }
}
