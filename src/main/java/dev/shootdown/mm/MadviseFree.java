package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Use;
import dev.shootdown.notifier.NotifyEnd;
import dev.shootdown.notifier.NotifyStart;
import dev.shootdown.notifier.Reason;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/**
 * madvise's free of a stretch of one mapping: its pages become clean and old, so that reclaim may drop them without
 * writing them anywhere, unless they are written to before. What is in swap goes at once.
 */
@Cites("mm/madvise.c: madvise_free_single_vma, 4.5-6.18")
record MadviseFree(Vma vma, long start, long end) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        int mm = vma.mm();
        kernel.lru().drain(kernel.cpuOf(turn.actor()));
        turn.then(
                new NotifyStart(mm, start, end, Reason.CLEAR, true),
                new Table(vma, start, end),
                new NotifyEnd(mm, start, end, Reason.CLEAR, true, false));
    }

    /** Whether a mapping refuses it. */
    static boolean refused(Vma vma) {
        return vma.file() != 0 || vma.has(Vma.LOCKED | Vma.PFNMAP | Vma.HUGETLB);
    }

    /** Finds the next page table with something in it, and takes its lock. */
    @Cites("mm/madvise.c: madvise_free_pte_range, 4.5-6.18")
    record Table(Vma vma, long address, long end) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long next = PageTables.nextMapped(kernel, vma.mm(), address, end);
            if (next == end) {
                return;
            }
            long limit = PageTables.tableEnd(next, end);
            if (kernel.thp().at(vma.mm(), next) != 0) {
                MadviseHuge.begin(kernel, turn, vma, next, limit, false, new Table(vma, next, end), new Table(vma, limit, end));
                return;
            }
            long table = kernel.pteTable(vma.mm(), next);
            turn.then(
                    new PageTableLock.Lock(table),
                    new Pte(vma, table, next, limit),
                    new PageTableLock.Unlock(table),
                    new Table(vma, limit, end));
        }
    }

    /** One entry is made clean and old, and its page one that may be dropped. */
    @Cites("mm/madvise.c: madvise_free_pte_range, 4.5-6.18; mm/swap.c: mark_page_lazyfree, folio_mark_lazyfree, 4.12-6.18")
    record Pte(Vma vma, long table, long address, long limit) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            if (kernel.unmapBatch().pending(vma.mm())) {
                turn.then(this);
                kernel.unmapBatch().flushPending(turn, vma.mm());
                return;
            }
            long entry = kernel.tables().entry(table, address, 1);
            if (Entry.mapped(entry) && (entry & Entry.SPECIAL) == 0 && kernel.frames().compound(Entry.frame(entry))) {
                MadviseHuge.small(kernel, turn, vma.mm(), table, Entry.frame(entry), this);
                return;
            }
            if (address + Frames.PAGE_SIZE != limit) {
                turn.then(new Pte(vma, table, address + Frames.PAGE_SIZE, limit));
            }
            if (SwapEntry.swapped(entry)) {
                drop(kernel, turn, turn.actor(), entry);
            } else if (Entry.mapped(entry) && (entry & Entry.SPECIAL) == 0) {
                free(kernel, turn, entry);
            }
        }

        private void drop(Kernel kernel, Turn turn, Actor actor, long entry) {
            kernel.tables().entry(table, address, 1, 0);
            PageTables.changed(kernel, turn, vma.mm(), "clear", address, Frames.PAGE_SIZE, null);
            kernel.count(vma.mm(), Rss.SWAP, -1);
            long dropped = kernel.swap().drop(SwapEntry.offset(entry));
            if (dropped != 0) {
                kernel.gather().add(actor, dropped, 0);
            }
        }

        private void free(Kernel kernel, Turn turn, long entry) {
            long frame = Entry.frame(entry);
            boolean written = kernel.folios().has(frame, Folios.DIRTY) || kernel.swap().slot(frame) != 0;
            if (written && kernel.frames().mappings(frame) != 1) {
                return;
            }
            kernel.folios().unmark(frame, Folios.DIRTY | Folios.REFERENCED);
            if (kernel.swap().slot(frame) == 0 && kernel.frames().use(frame) == Use.ANONYMOUS) {
                if (!kernel.folios().has(frame, Folios.LAZYFREE)) {
                    kernel.lru().lazyfree(kernel.cpuOf(turn.actor()), frame);
                }
                kernel.folios().mark(frame, Folios.LAZYFREE);
            }
            if ((entry & (Entry.ACCESSED | Entry.DIRTY)) != 0) {
                kernel.tables().entry(table, address, 1, entry & ~(Entry.ACCESSED | Entry.DIRTY));
                kernel.gather().adjust(turn.actor(), address, Frames.PAGE_SIZE);
                PageTables.changed(kernel, turn, vma.mm(), "dirty", address, Frames.PAGE_SIZE, null);
            }
        }
    }
}
