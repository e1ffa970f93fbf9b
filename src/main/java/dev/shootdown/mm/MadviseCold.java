package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/**
 * madvise's cold of a stretch of one mapping: its pages are made old, but for those that others map too. Nobody is told
 * that a range begins or ends, since no page goes; the flush comes at the end.
 */
@Cites("mm/madvise.c: madvise_cold, 5.4-6.18")
record MadviseCold(Vma vma, long start, long end) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        kernel.lru().drain(kernel.cpuOf(turn.actor()));
        kernel.gather().begin(turn.actor(), vma.mm(), start, end);
        turn.then(new Table(vma, start, end), new GatherStep.TlbFinishMmu(start, end));
    }

    /** Finds the next page table with something in it, and takes its lock. */
    @Cites("mm/madvise.c: madvise_cold_or_pageout_pte_range, 5.4-6.18")
    record Table(Vma vma, long address, long end) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long next = PageTables.nextMapped(kernel, vma.mm(), address, end);
            if (next == end) {
                return;
            }
            long limit = PageTables.tableEnd(next, end);
            if (kernel.thp().at(vma.mm(), next) != 0) {
                MadviseHuge.begin(kernel, turn, vma, next, limit, true, new Table(vma, next, end), new Table(vma, limit, end));
                return;
            }
            long table = kernel.pteTable(vma.mm(), next);
            deactivate(kernel, turn, next, limit);
            turn.then(
                    new PageTableLock.Lock(table),
                    new MadvisePageout.Pte(vma, table, next, limit),
                    new PageTableLock.Unlock(table),
                    new Table(vma, limit, end));
        }

        private void deactivate(Kernel kernel, Turn turn, long from, long to) {
            for (long at = from; at != to && kernel.lru().followed(); at += Frames.PAGE_SIZE) {
                long entry = kernel.pte(vma.mm(), at);
                if (Entry.mapped(entry) && (entry & Entry.SPECIAL) == 0 && kernel.frames().mappings(Entry.frame(entry)) == 1) {
                    kernel.lru().deactivate(kernel.cpuOf(turn.actor()), Entry.frame(entry));
                }
            }
        }
    }
}
