package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.notifier.ClearFlushYoung;
import dev.shootdown.notifier.InvalidatePage;
import dev.shootdown.notifier.InvalidateRange;
import dev.shootdown.notifier.NotifyEnd;
import dev.shootdown.notifier.NotifyStart;
import dev.shootdown.notifier.Reason;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import java.util.ArrayList;
import java.util.List;

/**
 * Unmaps a page wherever it is mapped. The caller holds a reference of it. An anonymous page has its slot in the swap
 * cache; each entry becomes a swap entry.
 */
@Cites("mm/rmap.c: try_to_unmap, 3.16-6.18")
record TryToUnmap(long frame) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        if (kernel.frames().mappingsOfAll(frame) != 0) {
            int family = kernel.rmap().family(frame);
            turn.then(new RmapLock.Read(family), new Walk(frame), new RmapLock.ReadUnlock(family));
        }
    }

    /** The mappings of the page, one after the other. */
    @Cites("mm/rmap.c: rmap_walk_anon, rmap_walk_file, 3.16-6.18")
    record Walk(long frame) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            List<Step> steps = new ArrayList<>();
            for (Vma vma : kernel.rmap().mappingAny(frame, 1 << kernel.frames().order(frame))) {
                one(kernel, steps, vma);
            }
            turn.then(steps);
        }

        /** One mapping: of a compound page all that is in it, its large entry having been split. */
        private void one(Kernel kernel, List<Step> steps, Vma vma) {
            long index = kernel.folios().index(frame);
            long from = Rmap.address(vma, Math.max(index, vma.pgoff()));
            long to = Math.min(vma.end(), Rmap.address(vma, index + (1L << kernel.frames().order(frame))));
            boolean inside = kernel.version().rmapSplitsInside();
            List<Step> body = new ArrayList<>();
            if (kernel.frames().compound(frame)) {
                (inside ? body : steps).add(inside ? new SplitHugePmd.Inside(vma.mm(), from, 0) : new SplitHugePmd.Split(vma.mm(), from));
            }
            for (long at = from; at < to; at += Frames.PAGE_SIZE) {
                body.add(new One(vma, at, frame + (vma.index(at) - index)));
            }
            around(kernel, steps, vma.mm(), from, to, body);
        }
    }

    /** What is done to one mapping of a page, with the range notified of where the version does so. */
    static void around(Kernel kernel, List<Step> steps, int mm, long address, Step one) {
        around(kernel, steps, mm, address, address + Frames.PAGE_SIZE, List.of(one));
    }

    /** The same for several pages of a compound page. */
    static void around(Kernel kernel, List<Step> steps, int mm, long start, long end, List<Step> body) {
        boolean notified = kernel.version().rmapNotifiesRanges();
        if (notified) {
            steps.add(new NotifyStart(mm, start, end, Reason.CLEAR, true));
        }
        steps.addAll(body);
        if (notified) {
            steps.add(new NotifyEnd(mm, start, end, Reason.CLEAR, true, false));
        }
    }

    /** Takes the lock of the table that may map it there. Older kernels ask once more whether it was used. */
    @Cites("mm/rmap.c: try_to_unmap_one, 3.16-6.18")
    record One(Vma vma, long address, long frame) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long table = kernel.pteTable(vma.mm(), address);
            if (table == 0) {
                return;
            }
            turn.then(new PageTableLock.Lock(table), new Young(vma, address, table, frame));
        }
    }

    /** Until 4.x a page that was used is left alone: ptep_clear_flush_young_notify. */
    @Cites("mm/rmap.c: try_to_unmap_one, TTU_IGNORE_ACCESS, 3.16-4.15")
    record Young(Vma vma, long address, long table, long frame) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long entry = kernel.tables().entry(table, address, 1);
            boolean maps = Entry.mapped(entry) && Entry.frame(entry) == frame;
            boolean young = (entry & Entry.ACCESSED) != 0;
            if (!maps || vma.has(Vma.LOCKED) || kernel.version().unmapAsksYoung() && young) {
                turn.then(new PageTableLock.Unlock(table));
            } else {
                turn.then(new ClearPte(vma, address, table, frame));
            }
            if (maps && kernel.version().unmapAsksYoung()) {
                FolioReferenced.clear(kernel, turn, vma.mm(), address, table, entry);
                turn.then(new ClearFlushYoung(vma.mm(), address, address + Frames.PAGE_SIZE));
            }
        }
    }

    /** Clears the entry, and flushes it or puts the flush off. */
    @Cites("mm/rmap.c: try_to_unmap_one, set_tlb_ubc_flush_pending, 3.16-6.18; ptep_clear_flush")
    record ClearPte(Vma vma, long address, long table, long frame) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            int mm = vma.mm();
            long entry = kernel.tables().entry(table, address, 1);
            boolean deferred = kernel.unmapBatch().defers(turn.actor(), mm);
            if (Entry.dirty(entry)) {
                kernel.folios().mark(frame, Folios.DIRTY);
            }
            turn.then(new SetSwapPte(vma, address, table, frame, entry));
            if (deferred) {
                kernel.unmapBatch().add(turn, mm, Entry.dirty(entry));
            } else {
                turn.then(new CpuFlush.FlushTlbMmRange(mm, address, address + Frames.PAGE_SIZE, false));
            }
            turn.perform(PageTables.Clear.pte(mm, table, address, deferred ? null : "ptep_clear_flush"));
        }
    }

    /** The entry says where the page will be found; the mapping's reference goes, and the lock. */
    @Cites("mm/rmap.c: try_to_unmap_one, 3.16-6.18; mm/swapfile.c: swap_duplicate")
    record SetSwapPte(Vma vma, long address, long table, long frame, long old) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            int mm = vma.mm();
            boolean anonymous = Rss.anonymous(kernel.frames().use(frame));
            boolean lazyfree = kernel.folios().has(frame, Folios.LAZYFREE);
            boolean kept = lazyfree && kernel.folios().has(frame, Folios.DIRTY);
            if (kept) {
                // Written to since MADV_FREE: it is wanted again.
                kernel.folios().unmark(frame, Folios.LAZYFREE);
                kernel.tables().entry(table, address, 1, old);
            } else {
                kernel.count(mm, Rss.of(kernel.frames(), frame, kernel.version()), -1);
                kernel.frames().mapped(frame, -1);
                kernel.frames().put(frame);
            }
            if (anonymous && !lazyfree) {
                swapOut(kernel, turn, mm);
            }
            tell(kernel, turn, mm, anonymous);
        }

        private void swapOut(Kernel kernel, Turn turn, int mm) {
            boolean exclusive = kernel.folios().has(frame, Folios.ANON_EXCLUSIVE);
            long slot = kernel.swap().slot(frame);
            kernel.swap().duplicate(slot);
            kernel.count(mm, Rss.SWAP, 1);
            long bits = (exclusive ? SwapEntry.EXCLUSIVE : 0) | ((old & Entry.SOFT_DIRTY) != 0 ? SwapEntry.SOFT_DIRTY : 0)
                    | ((old & Entry.UFFD_WP) != 0 ? SwapEntry.UFFD_WP : 0);
            kernel.folios().unmark(frame, Folios.ANON_EXCLUSIVE);
            turn.perform(new PageTables.StandIn(mm, table, address, SwapEntry.of(SwapEntry.AREA, slot) | bits, "swap"));
        }

        /** Older kernels tell of the page when the lock is free again, 4.15 to 6.5 of an anonymous one under it. */
        private void tell(Kernel kernel, Turn turn, int mm, boolean anonymous) {
            if (anonymous && kernel.version().rmapNotifiesRanges() && kernel.version().callersInvalidate()) {
                turn.then(new InvalidateRange(mm, address, address + Frames.PAGE_SIZE), new PageTableLock.Unlock(table));
                return;
            }
            turn.perform(new PageTableLock.Unlock(table));
            if (!kernel.version().rmapNotifiesRanges()) {
                turn.then(new InvalidatePage(mm, address));
            }
        }
    }
}
