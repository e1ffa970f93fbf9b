package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.notifier.ClearFlushYoung;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks whether a page was used since the last look, wherever it is mapped, and forgets it. CPUs are not told: one that
 * has the translation cached sets the bit no more until it drops it.
 *
 * @param mark whether a page that was used is marked as referenced
 */
@Cites("mm/rmap.c: page_referenced, 3.16-5.15; folio_referenced, 6.1-6.18")
record FolioReferenced(long frame, boolean mark) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        if (mark) {
            kernel.folios().unmark(frame, Folios.REFERENCED);
        }
        if (kernel.frames().mappings(frame) != 0) {
            int family = kernel.rmap().family(frame);
            turn.then(new RmapLock.Read(family), new Walk(frame, mark), new RmapLock.ReadUnlock(family));
        }
    }

    /** The mappings of the page, one after the other. */
    @Cites("mm/rmap.c: rmap_walk_anon, rmap_walk_file, 3.16-6.18")
    record Walk(long frame, boolean mark) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            List<Step> steps = new ArrayList<>();
            for (Vma vma : kernel.rmap().mapping(frame)) {
                long address = Rmap.address(vma, kernel.folios().index(frame));
                long table = kernel.pteTable(vma.mm(), address);
                if (table != 0) {
                    steps.add(new One(vma.mm(), address, table, frame, mark));
                }
            }
            turn.then(steps);
        }
    }

    /** One mapping: its accessed bit goes, then subscribers are asked; all under the lock of the table. */
    @Cites("mm/rmap.c: page_referenced_one, 3.16-5.15; folio_referenced_one, 6.1-6.18; ptep_clear_flush_young_notify")
    record One(int mm, long address, long table, long frame, boolean mark) implements KernelStep {
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
            if (mark && (entry & Entry.ACCESSED) != 0) {
                kernel.folios().mark(frame, Folios.REFERENCED);
            }
            turn.then(new ClearFlushYoung(mm, address, address + Frames.PAGE_SIZE), new PageTableLock.Unlock(table));
            clear(kernel, turn, mm, address, table, entry);
        }
    }

    /** ptep_clear_flush_young(): on x86 without a flush. */
    static void clear(Kernel kernel, Turn turn, int mm, long address, long table, long entry) {
        if ((entry & Entry.ACCESSED) != 0) {
            kernel.tables().entry(table, address, 1, entry & ~Entry.ACCESSED);
        }
        PageTables.changed(kernel, turn, mm, "young", address, Frames.PAGE_SIZE, "ptep_clear_flush_young");
    }
}
