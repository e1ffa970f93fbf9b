package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Use;
import dev.shootdown.notifier.NotifyEnd;
import dev.shootdown.notifier.NotifyStart;
import dev.shootdown.notifier.Reason;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/**
 * Makes one huge page of the small ones of two megabytes, if the scan before it has found that they may be. Nobody holds
 * the mmap lock at first: a huge page is allocated without it, and what else is done is done with it held for writing.
 */
@Cites("mm/khugepaged.c: collapse_huge_page, 3.16-6.18")
record CollapseHugePage(int mm, long start, boolean own) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        CollapseResult scanned = CollapseResult.of(turn.takeResult());
        if (scanned != CollapseResult.SUCCEED) {
            turn.result(scanned.ordinal());
            return;
        }
        long frame = kernel.frames().allocate(Use.ANONYMOUS, mm, Thp.ORDER);
        if (frame == 0) {
            turn.result(CollapseResult.ALLOC_HUGE_PAGE_FAIL.ordinal());
            return;
        }
        turn.then(new MmapLock.Write(mm), new Revalidate(this, frame), new MmapLock.WriteUnlock(mm));
        if (kernel.version().collapseSwapsIn()) {
            turn.then(new MmapLock.Read(mm), new SwapIn.Next(mm, start, start + Thp.SIZE), new MmapLock.ReadUnlock(mm));
        }
        HugeAnonymousFault.allocated(kernel, turn, mm, frame);
    }

    /** The mapping is looked at again, and whoever walks the reverse mapping is kept out. */
    @Cites("mm/khugepaged.c: hugepage_vma_revalidate, anon_vma_lock_write, 3.16-6.18")
    record Revalidate(CollapseHugePage what, long frame) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            turn.takeResult();
            turn.takeRemark();
            int mm = what.mm;
            Vma vma = kernel.alive(mm) ? kernel.vmas().at(mm, what.start) : null;
            boolean may = vma != null && vma.anon() != 0 && Thp.suitable(vma, what.start) && kernel.thp().allowable(vma, !what.own);
            long table = may ? kernel.pteTable(mm, what.start) : 0;
            if (table == 0) {
                turn.then(new MigratePages.Put(mm, frame), new Result(CollapseResult.VMA_CHECK.ordinal(), null));
                return;
            }
            if (!VmaLock.startWrite(kernel, turn, vma, this)) {
                return;
            }
            long end = what.start + Thp.SIZE;
            CollapseScan.Place place = new CollapseScan.Place(vma, what.start, table, what.own);
            turn.then(
                    new RmapLock.Write(vma),
                    new NotifyStart(mm, what.start, end, Reason.CLEAR, true),
                    new PageTableLock.Lock(kernel.thp().table(mm, what.start)),
                    new ClearPmd(place),
                    new NotifyEnd(mm, what.start, end, Reason.CLEAR, true, false),
                    new PageTableLock.Lock(table),
                    new CollapseScan.Pte(place, 0, CollapseScan.Seen.NOTHING),
                    new PageTableLock.Unlock(table),
                    new Isolated(place, frame));
        }
    }

    /** The table is unhooked, and the small pages flushed: nobody comes to them any more. */
    @Cites("mm/khugepaged.c: collapse_huge_page, pmdp_collapse_flush, 4.4-6.18, pmdp_clear_flush, 3.16-4.3")
    record ClearPmd(CollapseScan.Place place) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            int mm = place.vma().mm();
            long pmdTable = kernel.thp().table(mm, place.start());
            turn.then(SplitHugePmd.flush(kernel, mm, place.start()), new PageTableLock.Unlock(pmdTable));
            kernel.thp().set(pmdTable, place.start(), 0);
            PageTables.changed(kernel, turn, mm, "clear", place.start(), Thp.SIZE, "pmdp_collapse_flush");
        }
    }

    /** The pages are still as they were: they are copied. If not, the table is hooked in again. */
    @Cites("mm/khugepaged.c: collapse_huge_page, __collapse_huge_page_isolate, 3.16-6.18")
    record Isolated(CollapseScan.Place place, long frame) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            CollapseResult result = CollapseResult.of(turn.takeResult());
            int mm = place.vma().mm();
            if (result == CollapseResult.SUCCEED) {
                turn.then(new RmapLock.WriteUnlock(place.vma()), new CopyPage(place, frame, 0));
                return;
            }
            kernel.thp().set(kernel.thp().table(mm, place.start()), place.start(), Entry.of(place.table(), PageTables.DIRECTORY));
            turn.then(
                    new RmapLock.WriteUnlock(place.vma()),
                    new MigratePages.Put(mm, frame),
                    new Result(result.ordinal(), null));
            PageTables.changed(kernel, turn, mm, "set", place.start(), Thp.SIZE, null);
        }
    }

    /** The pages are copied one after the other, and go; what was empty counts from now on. */
    @Cites("mm/khugepaged.c: __collapse_huge_page_copy, free_page_and_swap_cache, 3.16-6.18")
    record CopyPage(CollapseScan.Place place, long frame, int next) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            int mm = place.vma().mm();
            boolean freed = false;
            int index = next;
            while (index < Thp.PAGES && !freed) {
                long address = place.address(index);
                long entry = kernel.tables().entry(place.table(), address, 1);
                kernel.tables().entry(place.table(), address, 1, 0);
                if (entry == 0 || Entry.frame(entry) == kernel.zeroFrame()) {
                    kernel.count(mm, Rss.ANON, 1);
                } else {
                    kernel.frames().copy(Entry.frame(entry), frame + index);
                    kernel.frames().mapped(Entry.frame(entry), -1);
                    freed = Free.page(kernel, turn, mm, Entry.frame(entry));
                }
                index++;
            }
            turn.then(index < Thp.PAGES ? new CopyPage(place, frame, index) : new SetHugePmd(place, frame));
        }
    }

    /** The huge page is mapped; the table is kept for a split. */
    @Cites("mm/khugepaged.c: collapse_huge_page, set_pmd_at, 3.16-6.18")
    record SetHugePmd(CollapseScan.Place place, long frame) implements KernelStep {
        @Override
        public boolean ready(World world) {
            return Thp.unlocked(world, place.vma().mm(), place.start());
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            Vma vma = place.vma();
            long pmdTable = kernel.thp().table(vma.mm(), place.start());
            HugeAnonymousFault.map(kernel, vma, place.start(), frame);
            kernel.thp().deposit(pmdTable, place.start(), place.table());
            kernel.thp().set(pmdTable, place.start(), HugeAnonymousFault.entry(vma, frame));
            PageTables.changed(kernel, turn, vma.mm(), "set", place.start(), Thp.SIZE, null);
            turn.result(CollapseResult.SUCCEED.ordinal());
        }
    }
}
