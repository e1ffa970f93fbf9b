package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Manner;
import dev.shootdown.sim.Safety;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import java.util.ArrayList;
import java.util.List;

/**
 * Unhooks the page tables of a stretch that no mapping needs any more: as many as lie wholly between its neighbours,
 * each step clearing one entry of the table above. They are freed with the gather's pages, after the flush.
 */
sealed interface FreePageTables extends KernelStep {
    /**
     * Finds what is to be unhooked.
     *
     * @param start   of the mapping, or of the first of several near ones
     * @param end     of it
     * @param floor   the end of the mapping below, or 0
     * @param ceiling the start of the mapping above, or 0 if there is none
     * @param vmas    these mappings, which the reverse mapping finds no more from here on; who is walking it is waited for
     */
    @Safety(value = "no page table may go while a walk of the reverse mapping has found its way into it", manners = Manner.HURRY)
    @Cites("mm/memory.c: free_pgtables, unlink_anon_vmas, unlink_file_vma, free_pgd_range, free_p4d_range, free_pud_range,"
            + " free_pmd_range, free_pte_range, 3.16-6.18")
    record FreePgdRange(int mm, long start, long end, long floor, long ceiling, List<Vma> vmas) implements FreePageTables {
        @Override
        public boolean ready(World world) {
            boolean unlocked = true;
            for (Vma vma : vmas) {
                unlocked &= world.part(Kernel.class).rmap().unlocked(vma);
            }
            return unlocked;
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            vmas.forEach(kernel.rmap()::unlink);
            long from = start & -Entry.span(2);
            if (Long.compareUnsigned(from, floor) < 0) {
                from += Entry.span(2);
            }
            long to = end;
            long top = ceiling & -Entry.span(2);
            if (ceiling != 0 && top == 0) {
                return;
            }
            if (Long.compareUnsigned(to - 1, top - 1) > 0) {
                to -= Entry.span(2);
            }
            if (Long.compareUnsigned(from, to - 1) > 0) {
                return;
            }
            Search search = new Search(kernel, turn.actor(), mm, floor, ceiling, new ArrayList<>());
            search.descend(kernel.root(mm), kernel.levels(), from, to);
            turn.then(search.found);
        }
    }

    /** The walk of the tables of a stretch, which notes what is to be unhooked, the lowest tables first. */
    record Search(Kernel kernel, Actor actor, int mm, long floor, long ceiling, List<Unhook> found) {
        void descend(long table, int level, long from, long to) {
            long at = from;
            while (Long.compareUnsigned(at, to) < 0) {
                long beyond = (at | Entry.span(level) - 1) + 1;
                long next = Long.compareUnsigned(beyond - 1, to - 1) < 0 ? beyond : to;
                long entry = kernel.tables().entry(table, at, level);
                if (Entry.present(entry) && !Entry.huge(entry)) {
                    if (level == 2) {
                        found.add(new Unhook(mm, table, at, 1, at));
                    } else {
                        descend(Entry.frame(entry), level - 1, at, next);
                        unhook(table, level, at, next);
                    }
                }
                if (level == kernel.levels() && level == 4) {
                    foldedP4d(at, next);
                }
                if (next == to) {
                    return;
                }
                at = next;
            }
        }

        /** The table below an entry goes if nothing else needs it. */
        private void unhook(long table, int level, long from, long to) {
            long base = from & -Entry.span(level);
            if (unneeded(base, to, level)) {
                found.add(new Unhook(mm, table, base, level - 1, base));
            }
        }

        private boolean unneeded(long base, long to, int level) {
            if (Long.compareUnsigned(base, floor) < 0) {
                return false;
            }
            long top = ceiling & -Entry.span(level);
            return (ceiling == 0 || top != 0) && Long.compareUnsigned(to - 1, top - 1) <= 0;
        }

        /** With four levels the p4d is the PGD's own entry: "freeing" it frees nothing, but the flush grows by it. */
        private void foldedP4d(long from, long to) {
            long base = from & -Entry.span(4);
            if (kernel.version().hasFoldedP4d() && unneeded(base, to, 4)) {
                kernel.gather().adjustTable(actor, base, 4);
            }
        }
    }

    /**
     * Clears the entry that points to a table, and queues the table to be freed.
     *
     * @param parent  the table with the entry
     * @param address of the entry
     * @param level   of the table that goes
     * @param hull    the address that the flush is to contain for it
     */
    @Cites("include/asm-generic/tlb.h: pte_free_tlb, pmd_free_tlb, pud_free_tlb, p4d_free_tlb, 3.16-6.18")
    record Unhook(int mm, long parent, long address, int level, long hull) implements FreePageTables {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long entry = kernel.tables().entry(parent, address, level + 1);
            turn.perform(new PageTables.Clear(mm, parent, address, level + 1, 0, null, null));
            queue(kernel, turn, Entry.frame(entry), level, hull);
        }
    }

    /** Queues a table that nothing points to any more, and has the flush contain an address for it. */
    static void queue(Kernel kernel, Turn turn, long table, int level, long hull) {
        kernel.gather().adjustTable(turn.actor(), hull, level);
        if (kernel.gather().add(turn.actor(), table, level)) {
            turn.then(new GatherStep.TlbBatchPagesFlush(0));
            turn.perform(new GatherStep.TlbFlushMmuTlbonly(0));
        }
    }

    /**
     * The steps for a list of mappings that go: free_pgtables(). Near ones are taken together.
     *
     * @param floor   the end of the mapping below the first, or 0
     * @param ceiling the start of the mapping above the last, or 0
     */
    static List<FreePgdRange> of(List<Vma> vmas, long floor, long ceiling) {
        List<FreePgdRange> steps = new ArrayList<>();
        int i = 0;
        while (i < vmas.size()) {
            int from = i;
            Vma first = vmas.get(i);
            Vma last = first;
            i++;
            while (i < vmas.size() && vmas.get(i).start() <= last.end() + Entry.span(2) && !vmas.get(i).has(Vma.HUGETLB)) {
                last = vmas.get(i);
                i++;
            }
            long top = i < vmas.size() ? vmas.get(i).start() : ceiling;
            steps.add(new FreePgdRange(first.mm(), first.start(), last.end(), floor, top, List.copyOf(vmas.subList(from, i))));
        }
        return steps;
    }
}
