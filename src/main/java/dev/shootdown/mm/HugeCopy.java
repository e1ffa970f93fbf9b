package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Use;
import dev.shootdown.notifier.NotifyEnd;
import dev.shootdown.notifier.NotifyStart;
import dev.shootdown.notifier.Reason;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;

/**
 * Older kernels, where no huge page is to be had for the copy of one: all its pages are copied to pages by themselves,
 * which a table maps then. The caller holds a reference of the page.
 */
sealed interface HugeCopy extends KernelStep {
    /** Copies what a huge page holds. */
    static void contents(Kernel kernel, long from, long to) {
        for (int i = 0; i < Thp.PAGES; i++) {
            kernel.frames().copy(from + i, to + i);
        }
    }

    /** One page is allocated and copied, then the next; without memory the huge page is split instead. */
    @Cites("mm/huge_memory.c: do_huge_pmd_wp_page_fallback, 3.16-5.7")
    record AllocPage(Vma vma, long address, int access, long entry, int next) implements HugeCopy {
        @Override
        public void run(Kernel kernel, Turn turn) {
            int mm = vma.mm();
            long start = Thp.start(address);
            if (next == Thp.PAGES) {
                turn.then(
                        new NotifyStart(mm, start, start + Thp.SIZE, Reason.CLEAR, true),
                        new PageTableLock.Lock(kernel.thp().table(mm, start)),
                        new Clear(vma, start, entry),
                        new NotifyEnd(mm, start, start + Thp.SIZE, Reason.CLEAR, true, true),
                        new Put(vma, entry));
                return;
            }
            long frame = kernel.frames().allocate(Use.ANONYMOUS, mm);
            if (frame == 0) {
                turn.then(
                        new GatherStep.TlbBatchPagesFlush(0),
                        new SplitHugePmd.Split(mm, address),
                        new MigratePages.Put(mm, Entry.frame(entry)),
                        new HandleMmFault.Walk(vma, address, access));
                return;
            }
            kernel.frames().copy(Entry.frame(entry) + next, frame);
            kernel.gather().add(turn.actor(), frame, 0);
            turn.then(new AllocPage(vma, address, access, entry, next + 1));
            turn.emit(Kind.PAGE_ALLOC, () -> new Event.PageAlloc(kernel.name(mm), frame, 0, kernel.name(mm)));
        }
    }

    /** Clears the large entry and flushes it under the lock, if it is still the one that faulted. */
    @Cites("mm/huge_memory.c: do_huge_pmd_wp_page_fallback, pmdp_huge_clear_flush(_notify), 3.16-5.7")
    record Clear(Vma vma, long start, long entry) implements HugeCopy {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long table = kernel.thp().table(vma.mm(), start);
            if (kernel.tables().entry(table, start, 2) == entry) {
                turn.then(new Populate(vma, start, entry));
                HugeWriteFault.clear(kernel, turn, vma.mm(), start, table);
            } else {
                turn.perform(new PageTableLock.Unlock(table));
                turn.then(new GatherStep.TlbBatchPagesFlush(0));
            }
        }
    }

    /** The table that was kept is filled with the copies and hooked in. */
    @Cites("mm/huge_memory.c: do_huge_pmd_wp_page_fallback, pmd_populate, 3.16-5.7")
    record Populate(Vma vma, long start, long entry) implements HugeCopy {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long table = kernel.thp().table(vma.mm(), start);
            long small = kernel.thp().withdraw(table, start);
            for (int i = 0; i < Thp.PAGES; i++) {
                long page = start + i * Frames.PAGE_SIZE;
                long frame = Gather.frame(kernel.gather().take(turn.actor(), i));
                kernel.folios().set(frame, vma.anon(), vma.index(page), Folios.ANON_EXCLUSIVE);
                kernel.frames().mapped(frame, 1);
                kernel.tables().entry(small, page, 1, AnonymousFault.entry(vma, frame));
            }
            kernel.gather().empty(turn.actor());
            kernel.thp().set(table, start, Entry.of(small, PageTables.DIRECTORY));
            PageTables.changed(kernel, turn, vma.mm(), "set", start, Thp.SIZE, null);
            kernel.frames().mappedWhole(Entry.frame(entry), -1);
            kernel.frames().put(Entry.frame(entry));
            turn.perform(new PageTableLock.Unlock(table));
        }
    }

    /** The fault's own reference goes. */
    @Cites("mm/huge_memory.c: do_huge_pmd_wp_page, put_page, 3.16-5.7")
    record Put(Vma vma, long entry) implements HugeCopy {
        @Override
        public void run(Kernel kernel, Turn turn) {
            turn.result(FaultOutcome.COW.ordinal());
            Free.page(kernel, turn, vma.mm(), Entry.frame(entry));
        }
    }
}
