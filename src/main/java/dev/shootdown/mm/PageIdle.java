package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.notifier.CallbackName;
import dev.shootdown.notifier.ClearYoung;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import dev.shootdown.vocabulary.Errno;

/**
 * Idle page tracking: who writes a page's bit in /sys/kernel/mm/page_idle/bitmap has its accessed bits taken away wherever it
 * is mapped. Nobody's TLB is flushed, and subscribers are told so.
 */
@Cites("mm/page_idle.c: page_idle_bitmap_write, page_idle_clear_pte_refs, 4.3-6.18")
public record PageIdle(int mm, long address, long end) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        if (!kernel.version().contract().callbacks().contains(CallbackName.CLEAR_YOUNG)) {
            turn.fail(Errno.ENOENT, "this kernel has no idle page tracking");
            return;
        }
        long at = PageTables.nextMapped(kernel, mm, address, end);
        while (at != end && !ShrinkFolioList.reclaimable(kernel, mm, at, false)) {
            at = PageTables.nextMapped(kernel, mm, at + Frames.PAGE_SIZE, end);
        }
        if (at != end) {
            long frame = Entry.frame(kernel.pte(mm, at));
            long next = kernel.thp().at(mm, at) != 0 ? Thp.end(at, end) : at + Frames.PAGE_SIZE;
            int family = kernel.rmap().family(frame);
            turn.then(new RmapLock.Read(family), new FolioReferenced.Walk(kernel.frames().head(frame), false, true), new RmapLock.ReadUnlock(family),
                    new PageIdle(mm, next, end));
        }
    }

    /** One mapping: its accessed bit goes, then subscribers are told; all under the lock of the table. */
    @Cites("mm/page_idle.c: page_idle_clear_pte_refs_one, 4.3-6.18; ptep_clear_young_notify")
    record One(int mm, long address, long table, long frame) implements KernelStep {
        @Override
        public boolean ready(World world) {
            return world.part(Kernel.class).unlocked(table);
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            long entry = kernel.tables().entry(table, address, 1);
            if (!Entry.mapped(entry) || Entry.frame(entry) != frame) {
                return;
            }
            turn.perform(new PageTableLock.Lock(table));
            turn.then(new ClearYoung(mm, address, address + Frames.PAGE_SIZE), new PageTableLock.Unlock(table));
            if ((entry & Entry.ACCESSED) != 0) {
                kernel.tables().entry(table, address, 1, entry & ~Entry.ACCESSED);
            }
            PageTables.changed(kernel, turn, mm, "young", address, Frames.PAGE_SIZE, "ptep_test_and_clear_young");
        }
    }

    /** The same of a large entry. */
    @Cites("mm/page_idle.c: page_idle_clear_pte_refs_one, 4.3-6.18; pmdp_clear_young_notify")
    record Huge(int mm, long start, long frame) implements KernelStep {
        @Override
        public boolean ready(World world) {
            Kernel kernel = world.part(Kernel.class);
            return kernel.unlocked(kernel.thp().table(mm, start));
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            long table = kernel.thp().table(mm, start);
            long entry = kernel.thp().at(mm, start);
            if (entry == 0 || Entry.frame(entry) != frame) {
                return;
            }
            turn.perform(new PageTableLock.Lock(table));
            turn.then(new ClearYoung(mm, start, start + Thp.SIZE), new PageTableLock.Unlock(table));
            if ((entry & Entry.ACCESSED) != 0) {
                kernel.thp().set(table, start, entry & ~Entry.ACCESSED);
            }
            PageTables.changed(kernel, turn, mm, "young", start, Thp.SIZE, "pmdp_test_and_clear_young");
        }
    }
}
