package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.notifier.InvalidatePage;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts a migration entry wherever a page is mapped, at which whoever wants the page waits. The caller holds a reference
 * of it.
 *
 * @param batch whether the flush may be put off
 */
@Cites("mm/rmap.c: try_to_unmap with TTU_MIGRATION, 3.16-4.15; try_to_migrate, 6.1-6.18")
record TryToMigrate(long frame, boolean batch) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        if (kernel.frames().mappings(frame) != 0) {
            int family = kernel.rmap().family(frame);
            turn.then(new RmapLock.Read(family), new Walk(frame, batch), new RmapLock.ReadUnlock(family));
        }
    }

    /** The mappings of the page, one after the other. */
    @Cites("mm/rmap.c: rmap_walk_anon, rmap_walk_file, 3.16-6.18")
    record Walk(long frame, boolean batch) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            List<Step> steps = new ArrayList<>();
            for (Vma vma : kernel.rmap().mapping(frame)) {
                long address = Rmap.address(vma, kernel.folios().index(frame));
                TryToUnmap.around(kernel, steps, vma.mm(), address, new One(vma.mm(), address, frame, batch));
            }
            turn.then(steps);
        }
    }

    /** The migration entry that takes the place of an entry. */
    static long entry(Kernel kernel, long old, int type, long frame) {
        boolean remembers = kernel.version().migrationKeepsYoung();
        long used = ((old & Entry.ACCESSED) != 0 ? SwapEntry.YOUNG : 0) | (Entry.dirty(old) ? SwapEntry.DIRTY : 0);
        long bits = ((old & Entry.SOFT_DIRTY) != 0 ? SwapEntry.SOFT_DIRTY : 0) | ((old & Entry.UFFD_WP) != 0 ? SwapEntry.UFFD_WP : 0);
        return SwapEntry.of(type, frame | (remembers ? used : 0)) | bits;
    }

    /**
     * What is done to one mapping of a compound page that is to be split: its large entry becomes migration entries, or each
     * of its small ones.
     */
    static void folio(Kernel kernel, List<Step> steps, Vma vma, long from, long to, long head) {
        boolean inside = kernel.version().rmapSplitsInside();
        List<Step> body = new ArrayList<>();
        (inside ? body : steps).add(inside ? new SplitHugePmd.Inside(vma.mm(), from, head) : new SplitHugePmd.Split(vma.mm(), from, head));
        for (long at = from; at < to; at += Frames.PAGE_SIZE) {
            body.add(new One(vma.mm(), at, head + (vma.index(at) - kernel.folios().index(head)), false));
        }
        TryToUnmap.around(kernel, steps, vma.mm(), from, to, body);
    }

    /** Takes the lock of the table that may map it there. */
    @Cites("mm/rmap.c: try_to_unmap_one, 3.16-4.15; try_to_migrate_one, 6.1-6.18")
    record One(int mm, long address, long frame, boolean batch) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long table = kernel.pteTable(mm, address);
            long entry = table == 0 ? -1 : kernel.tables().entry(table, address, 1);
            // An empty entry may be of somebody who holds the lock, and come back.
            if (entry == 0 || Entry.mapped(entry) && table != 0) {
                turn.then(new PageTableLock.Lock(table), new ClearPte(mm, address, table, frame, batch));
            }
        }
    }

    /** Clears the entry, and flushes it or puts the flush off. */
    @Cites("mm/rmap.c: try_to_unmap_one, 3.16-4.15; try_to_migrate_one, 6.1-6.18; ptep_clear_flush")
    record ClearPte(int mm, long address, long table, long frame, boolean batch) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long entry = kernel.tables().entry(table, address, 1);
            if (!Entry.mapped(entry) || Entry.frame(entry) != frame) {
                turn.perform(new PageTableLock.Unlock(table));
                return;
            }
            boolean deferred = batch && kernel.unmapBatch().defers(turn.actor(), mm);
            if (Entry.dirty(entry)) {
                kernel.folios().mark(frame, Folios.DIRTY);
            }
            turn.then(new SetMigrationPte(mm, address, table, frame, entry));
            if (deferred) {
                kernel.unmapBatch().add(turn, mm, Entry.dirty(entry));
            } else {
                turn.then(new CpuFlush.FlushTlbMmRange(mm, address, address + Frames.PAGE_SIZE, false));
            }
            turn.perform(PageTables.Clear.pte(mm, table, address, deferred ? null : "ptep_clear_flush"));
        }
    }

    /** The entry says that the page is on its way; the mapping's reference goes, and the lock. */
    @Cites("mm/rmap.c: try_to_unmap_one, 3.16-4.15; try_to_migrate_one, 6.1-6.18; include/linux/swapops.h: make_writable_migration_entry")
    record SetMigrationPte(int mm, long address, long table, long frame, long old) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            boolean exclusive = kernel.folios().has(frame, Folios.ANON_EXCLUSIVE);
            int type = Entry.writable(old) ? SwapEntry.MIGRATION_WRITE
                    : exclusive ? SwapEntry.MIGRATION_READ_EXCLUSIVE : SwapEntry.MIGRATION_READ;
            kernel.frames().mapped(frame, -1);
            kernel.frames().put(frame);
            turn.perform(new PageTables.StandIn(mm, table, address, entry(kernel, old, type, frame), "migrate"));
            turn.perform(new PageTableLock.Unlock(table));
            if (!kernel.version().rmapNotifiesRanges()) {
                turn.then(new InvalidatePage(mm, address));
            }
        }
    }
}
