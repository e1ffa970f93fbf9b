package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/**
 * A lowest-level page table that MADV_DONTNEED has emptied is taken out of its mapping's tables at once, and freed with
 * the gather's pages, after the flush. A fault finds an empty large entry then, where a huge page may come.
 */
sealed interface ReclaimPageTable extends KernelStep {
    /** What is to become of a table: zap_pte_range()'s can_reclaim_pt and direct_reclaim. */
    enum Plan {
        /** It stays: not all of it is cleared, or something in it was skipped. */
        STAYS,
        /** It goes as soon as its last entry is cleared, under the lock that the clearing was done with. */
        DIRECT,
        /** The lock was let go of in the middle: all entries are looked at again. */
        CHECKED
    }

    /** Whether the large entry is free to be cleared under the table's own lock: try_get_and_clear_pmd() takes no for an answer. */
    static boolean direct(Kernel kernel, int mm, long start) {
        return kernel.unlocked(kernel.thp().table(mm, start));
    }

    /** Takes the table out. */
    static void clear(Kernel kernel, Turn turn, int mm, long table, long start) {
        kernel.rcu().reclaimed(table);
        turn.perform(new PageTables.Clear(mm, kernel.thp().table(mm, start), start, 2, 0, null, null));
    }

    /** Looks at all entries again, and takes the table out if they are empty. */
    @Cites("mm/pt_reclaim.c: try_to_free_pte, 6.14-6.18 (6375e95f381e)")
    record TryToFreePte(int mm, long table, long start) implements ReclaimPageTable {
        @Override
        public boolean ready(World world) {
            Kernel kernel = world.part(Kernel.class);
            return kernel.unlocked(table) && kernel.unlocked(kernel.thp().table(mm, start));
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            boolean same = kernel.pteTable(mm, start) == table;
            if (same && PageTables.nextMapped(kernel, mm, start, start + Entry.span(2)) == start + Entry.span(2)) {
                clear(kernel, turn, mm, table, start);
                turn.then(new FreePte(mm, table, start));
            }
        }
    }

    /** Queues a table that was taken out to be freed; the flush is to contain it. */
    @Cites("mm/pt_reclaim.c: free_pte, 6.14-6.18 (6375e95f381e)")
    record FreePte(int mm, long table, long start) implements ReclaimPageTable {
        @Override
        public void run(Kernel kernel, Turn turn) {
            FreePageTables.queue(kernel, turn, table, 1, start);
        }
    }

    /** The first whole table in [address, end), whether something is in it or not, or end. */
    static long next(Kernel kernel, int mm, long address, long end) {
        long from = address + Entry.span(2) - 1 & -Entry.span(2);
        long to = end & -Entry.span(2);
        if (Long.compareUnsigned(from, to) >= 0) {
            return end;
        }
        long found = PageTables.nextTable(kernel, mm, from, to, 1);
        return found == to ? end : found;
    }

    /** Whether a table that was found before is not the address's any more: pte_offset_map_lock() fails. */
    static boolean gone(Kernel kernel, int mm, long table, long page) {
        return kernel.pteTable(mm, page & -Frames.PAGE_SIZE) != table;
    }
}
