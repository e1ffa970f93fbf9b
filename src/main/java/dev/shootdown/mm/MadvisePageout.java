package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;

/**
 * madvise's pageout of a stretch of one mapping: page table by page table its pages are made old, and then taken back, but
 * for those that others map too. The flush for the accessed bits comes last, when the pages are gone.
 */
@Cites("mm/madvise.c: madvise_pageout, 5.4-6.18")
record MadvisePageout(Vma vma, long start, long end) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        kernel.gather().begin(turn.actor(), vma.mm(), start, end);
        turn.then(new Table(vma, start, end), new GatherStep.TlbFinishMmu(start, end));
    }

    /** Whether a mapping refuses it: can_madv_lru_vma(). */
    static boolean refused(Vma vma) {
        return vma.has(Vma.LOCKED | Vma.PFNMAP | Vma.HUGETLB);
    }

    /** Finds the next page table with something in it, and takes its lock. */
    @Cites("mm/madvise.c: madvise_cold_or_pageout_pte_range, 5.4-6.18")
    record Table(Vma vma, long address, long end) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            turn.takeResult();
            long next = PageTables.nextMapped(kernel, vma.mm(), address, end);
            if (next == end) {
                return;
            }
            long limit = PageTables.tableEnd(next, end);
            if (kernel.thp().at(vma.mm(), next) != 0) {
                turn.then(new Table(vma, limit, end));
                boolean whole = Thp.whole(next, limit);
                Step shrink = new ShrinkFolioList(vma.mm(), next, whole ? limit : next, true, 0);
                MadviseHuge.begin(kernel, turn, vma, next, limit, true, new Table(vma, next, limit), shrink);
                return;
            }
            long table = kernel.pteTable(vma.mm(), next);
            turn.then(
                    new PageTableLock.Lock(table),
                    new Pte(vma, table, next, limit),
                    new PageTableLock.Unlock(table),
                    new ShrinkFolioList(vma.mm(), next, limit, true, 0),
                    new Table(vma, limit, end));
        }
    }

    /** One entry is made old. */
    @Cites("mm/madvise.c: madvise_cold_or_pageout_pte_range, 5.4-6.18")
    record Pte(Vma vma, long table, long address, long limit) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            int mm = vma.mm();
            if (kernel.unmapBatch().pending(mm)) {
                turn.then(this);
                kernel.unmapBatch().flushPending(turn, mm);
                return;
            }
            long at = address;
            while (at != limit && !compound(kernel, at) && !young(kernel, at)) {
                at += Frames.PAGE_SIZE;
            }
            if (at == limit) {
                return;
            }
            long old = kernel.tables().entry(table, at, 1);
            if (compound(kernel, at)) {
                MadviseHuge.small(kernel, turn, mm, table, Entry.frame(old), new Pte(vma, table, at, limit));
                return;
            }
            kernel.tables().entry(table, at, 1, old & ~Entry.ACCESSED);
            kernel.gather().adjust(turn.actor(), at, Frames.PAGE_SIZE);
            PageTables.changed(kernel, turn, mm, "young", at, Frames.PAGE_SIZE, null);
            if (at + Frames.PAGE_SIZE != limit) {
                turn.then(new Pte(vma, table, at + Frames.PAGE_SIZE, limit));
            }
        }

        private boolean compound(Kernel kernel, long at) {
            long entry = kernel.tables().entry(table, at, 1);
            return Entry.mapped(entry) && (entry & Entry.SPECIAL) == 0 && kernel.frames().compound(Entry.frame(entry));
        }

        private boolean young(Kernel kernel, long at) {
            long entry = kernel.tables().entry(table, at, 1);
            return Entry.mapped(entry) && (entry & (Entry.SPECIAL | Entry.ACCESSED)) == Entry.ACCESSED
                    && kernel.frames().mappings(Entry.frame(entry)) == 1;
        }
    }
}
