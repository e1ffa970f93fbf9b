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
        if (kernel.frames().mappingsOfAll(frame) != 0) {
            int family = kernel.rmap().family(frame);
            turn.then(new RmapLock.Read(family), new Walk(kernel.frames().head(frame), mark, false), new RmapLock.ReadUnlock(family));
        }
    }

    /**
     * The mappings of the page, one after the other.
     *
     * @param idle whether it is idle page tracking that looks, as {@link PageIdle} does
     */
    @Cites("mm/rmap.c: rmap_walk_anon, rmap_walk_file, 3.16-6.18")
    record Walk(long frame, boolean mark, boolean idle) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            List<Step> steps = new ArrayList<>();
            for (Vma vma : kernel.rmap().mappingAny(frame, 1 << kernel.frames().order(frame))) {
                one(kernel, steps, vma);
            }
            turn.then(steps);
        }

        /** One mapping: of a compound page its large entry, or all its small ones. */
        private void one(Kernel kernel, List<Step> steps, Vma vma) {
            long index = kernel.folios().index(frame);
            long from = Rmap.address(vma, Math.max(index, vma.pgoff()));
            long to = Math.min(vma.end(), Rmap.address(vma, index + (1L << kernel.frames().order(frame))));
            if (kernel.thp().at(vma.mm(), from) != 0) {
                steps.add(idle ? new PageIdle.Huge(vma.mm(), from, frame) : new Huge(vma.mm(), from, frame, mark));
                return;
            }
            for (long at = from; at < to; at += Frames.PAGE_SIZE) {
                long table = kernel.pteTable(vma.mm(), at);
                if (table != 0) {
                    long page = frame + (vma.index(at) - index);
                    steps.add(idle ? new PageIdle.One(vma.mm(), at, table, page) : new One(vma.mm(), at, table, page, mark));
                }
            }
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

    /** The same of a large entry: its accessed bit goes with a flush. */
    @Cites("mm/rmap.c: page_referenced_one, 3.16-5.15; folio_referenced_one, 6.1-6.18; pmdp_clear_flush_young_notify")
    record Huge(int mm, long start, long frame, boolean mark) implements KernelStep {
        @Override
        public boolean ready(World world) {
            return Thp.unlocked(world, mm, start);
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            long table = kernel.thp().table(mm, start);
            long entry = kernel.thp().at(mm, start);
            if (entry == 0 || Entry.frame(entry) != frame) {
                return;
            }
            turn.perform(new PageTableLock.Lock(table));
            turn.then(new ClearFlushYoung(mm, start, start + Thp.SIZE), new PageTableLock.Unlock(table));
            if ((entry & Entry.ACCESSED) != 0) {
                if (mark) {
                    kernel.folios().mark(frame, Folios.REFERENCED);
                }
                kernel.thp().set(table, start, entry & ~Entry.ACCESSED);
                turn.then(SplitHugePmd.flush(kernel, mm, start));
            }
            PageTables.changed(kernel, turn, mm, "young", start, Thp.SIZE, "pmdp_clear_flush_young");
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
