package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/** What madvise's free, cold and pageout do to a huge page: one that others map too they leave alone, one of which a part is meant they split. */
sealed interface MadviseHuge extends KernelStep {
    /**
     * The part of a stretch that is in one huge page.
     *
     * @param old  whether it is made old only; else clean too, and one that may be dropped
     * @param then what goes on behind the huge page
     * @param again what goes on in the huge page's place when it has been split
     */
    static void begin(Kernel kernel, Turn turn, Vma vma, long from, long to, boolean old, Step again, Step then) {
        long entry = kernel.thp().at(vma.mm(), from);
        long head = Entry.frame(entry);
        if (kernel.thp().isZero(entry) || kernel.frames().mappings(head) != 1) {
            turn.then(then);
        } else if (Thp.whole(from, to)) {
            turn.then(new Invalidate(vma.mm(), from, old), then);
        } else if (splittable(kernel, head)) {
            kernel.frames().get(head);
            turn.then(new SplitHugePage(vma.mm(), head), new MigratePages.Put(vma.mm(), head), again);
        } else {
            turn.then(then);
        }
    }

    /** Whether nobody holds a compound page but page tables and the swap cache: can_split_folio(). */
    static boolean splittable(Kernel kernel, long frame) {
        long head = kernel.frames().head(frame);
        long cached = kernel.swap().slot(head) != 0 ? Thp.PAGES : 0;
        return kernel.frames().references(head) == kernel.frames().mappingsOfAll(head) + cached;
    }

    /** An entry that says that the page was used, or written to, is made invalid and flushed. */
    @Cites("mm/huge_memory.c: madvise_free_huge_pmd, 4.5-6.18; mm/madvise.c: madvise_cold_or_pageout_pte_range, 5.4-6.18; pmdp_invalidate")
    record Invalidate(int mm, long start, boolean old) implements MadviseHuge {
        @Override
        public boolean ready(World world) {
            return Thp.unlocked(world, mm, start);
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            long entry = kernel.thp().at(mm, start);
            if (entry == 0 || kernel.thp().isZero(entry)) {
                return;
            }
            long head = Entry.frame(entry);
            kernel.folios().unmark(head, Folios.REFERENCED | (old ? 0 : Folios.DIRTY));
            if (!old && kernel.swap().slot(head) == 0) {
                kernel.folios().mark(head, Folios.LAZYFREE);
            }
            long forgotten = old ? Entry.ACCESSED : Entry.ACCESSED | Entry.DIRTY;
            if ((entry & forgotten) != 0) {
                long table = kernel.thp().table(mm, start);
                turn.perform(new PageTableLock.Lock(table));
                turn.then(SplitHugePmd.flush(kernel, mm, start), new Set(mm, start, table, entry & ~forgotten));
                SplitHugePmd.invalidate(kernel, turn, mm, start, table, entry);
            }
        }
    }

    /** The entry is set that does not say so; the gather flushes once more. */
    @Cites("mm/huge_memory.c: madvise_free_huge_pmd, 4.5-6.18; mm/madvise.c: madvise_cold_or_pageout_pte_range, 5.4-6.18; tlb_remove_pmd_tlb_entry")
    record Set(int mm, long start, long table, long entry) implements MadviseHuge {
        @Override
        public void run(Kernel kernel, Turn turn) {
            kernel.thp().set(table, start, entry);
            kernel.gather().adjust(turn.actor(), start, Thp.SIZE, 2);
            PageTables.changed(kernel, turn, mm, Entry.dirty(entry) ? "young" : "dirty", start, Thp.SIZE, null);
            turn.perform(new PageTableLock.Unlock(table));
        }
    }

    /**
     * A small entry maps a page of a compound one: that is split first, without the lock of the table; or, where others map
     * the page or hold it, the rest of the table is left alone.
     *
     * @param again what goes on, with the lock held
     */
    static void small(Kernel kernel, Turn turn, int mm, long table, long frame, Step again) {
        if (kernel.frames().mappings(frame) == 1 && splittable(kernel, frame)) {
            kernel.frames().get(frame);
            turn.then(
                    new PageTableLock.Unlock(table),
                    new SplitHugePage(mm, frame),
                    new MigratePages.Put(mm, frame),
                    new PageTableLock.Lock(table),
                    again);
        }
    }
}
