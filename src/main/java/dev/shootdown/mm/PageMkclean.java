package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.notifier.InvalidatePage;
import dev.shootdown.notifier.NotifyEnd;
import dev.shootdown.notifier.NotifyStart;
import dev.shootdown.notifier.Reason;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import java.util.ArrayList;
import java.util.List;

/** Takes the write permission and the dirty bit of a file's page away, wherever it is mapped shared. */
@Cites("mm/rmap.c: page_mkclean, 3.16-5.15; folio_mkclean, 6.1-6.18")
record PageMkclean(long frame) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        if (kernel.frames().mappings(frame) == 0) {
            return;
        }
        int family = kernel.rmap().family(frame);
        turn.then(new RmapLock.Read(family), new Walk(frame), new RmapLock.ReadUnlock(family));
    }

    /** The mappings of the page, one after the other. */
    @Cites("mm/rmap.c: rmap_walk_file, invalid_mkclean_vma, 3.16-6.18")
    record Walk(long frame) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            boolean notified = kernel.version().rmapNotifiesRanges();
            List<Step> steps = new ArrayList<>();
            for (Vma vma : kernel.rmap().mapping(frame)) {
                long address = Rmap.address(vma, kernel.folios().index(frame));
                long end = address + Frames.PAGE_SIZE;
                Step one = new MkcleanOne(vma.mm(), address, frame);
                if (!vma.has(Vma.SHARED)) {
                    continue;
                }
                if (notified) {
                    steps.add(new NotifyStart(vma.mm(), address, end, Reason.PROTECTION_PAGE, true));
                }
                steps.add(one);
                if (notified) {
                    steps.add(new NotifyEnd(vma.mm(), address, end, Reason.PROTECTION_PAGE, true, false));
                }
            }
            turn.then(steps);
        }
    }

    /** Takes the lock of the table that may map it there, if there is one. */
    @Cites("mm/rmap.c: page_mkclean_one, 3.16-5.15; page_vma_mkclean_one, 6.1-6.18")
    record MkcleanOne(int mm, long address, long frame) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long table = kernel.pteTable(mm, address);
            if (table != 0) {
                turn.then(new PageTableLock.Lock(table), new ClearPte(mm, address, table, frame));
            }
        }
    }

    /** Clears the entry and flushes it, if it could be written through. */
    @Cites("mm/rmap.c: page_mkclean_one, 3.16-5.15; page_vma_mkclean_one, 6.1-6.18; ptep_clear_flush")
    record ClearPte(int mm, long address, long table, long frame) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long entry = kernel.tables().entry(table, address, 1);
            boolean maps = Entry.mapped(entry) && Entry.frame(entry) == frame;
            if (!maps || !Entry.writable(entry) && !Entry.dirty(entry)) {
                turn.perform(new PageTableLock.Unlock(table));
                return;
            }
            turn.then(
                    new CpuFlush.FlushTlbMmRange(mm, address, address + Frames.PAGE_SIZE, false),
                    new SetPte(mm, address, table, entry & ~(Entry.WRITE | Entry.DIRTY)));
            turn.perform(PageTables.Clear.pte(mm, table, address, "ptep_clear_flush"));
        }
    }

    /** Sets the entry that may only be read through, and lets go of the lock. */
    @Cites("mm/rmap.c: page_mkclean_one, 3.16-5.15; page_vma_mkclean_one, 6.1-6.18")
    record SetPte(int mm, long address, long table, long entry) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            kernel.tables().entry(table, address, 1, entry);
            kernel.folios().mark(Entry.frame(entry), Folios.DIRTY);
            PageTables.changed(kernel, turn, mm, "set", address, Frames.PAGE_SIZE, null);
            turn.perform(new PageTableLock.Unlock(table));
            if (!kernel.version().rmapNotifiesRanges()) {
                turn.then(new InvalidatePage(mm, address));
            }
        }
    }
}
