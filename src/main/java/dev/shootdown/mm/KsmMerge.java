package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.notifier.ChangePte;
import dev.shootdown.notifier.InvalidateRange;
import dev.shootdown.notifier.NotifyEnd;
import dev.shootdown.notifier.NotifyStart;
import dev.shootdown.notifier.Reason;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/** What is done to the pages that {@link Ksm} finds equal: each is write-protected, and mapped to the merged one. */
sealed interface KsmMerge extends KernelStep {
    /** A page becomes the merged one, where it is. */
    static void stable(Turn turn, Ksm.Page page) {
        turn.then(
                new MmapLock.Read(page.mm()),
                new WriteProtectPage(page),
                new SetPageStableNode(page),
                new MmapLock.ReadUnlock(page.mm()));
    }

    /** A page gives way to the merged one; both are held meanwhile. */
    static void replace(Kernel kernel, Turn turn, Ksm.Page page, long merged) {
        turn.perform(new GetPage(page.frame()));
        turn.perform(new GetPage(merged));
        turn.then(
                new MmapLock.Read(page.mm()),
                new WriteProtectPage(page),
                new ReplacePage(page, merged),
                new MmapLock.ReadUnlock(page.mm()),
                new PutPage(page.mm(), page.frame()),
                new PutPage(page.mm(), merged));
    }

    /** Takes the write permission away, if nobody but page tables and the scan holds the page. */
    @Cites("mm/ksm.c: write_protect_page, 3.16-6.18")
    record WriteProtectPage(Ksm.Page page) implements KsmMerge {
        @Override
        public void run(Kernel kernel, Turn turn) {
            around(kernel, turn, page, table -> new ClearWritable(page, table));
        }
    }

    /** Maps the merged page instead, if the page is still what it was. */
    @Cites("mm/ksm.c: replace_page, 3.16-6.18")
    record ReplacePage(Ksm.Page page, long merged) implements KsmMerge {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long table = kernel.pteTable(page.mm(), page.address());
            if (table != 0 && replaceable(kernel, table, page, merged)) {
                around(kernel, turn, page, found -> new ClearReplaced(page, found, merged));
            }
        }
    }

    private static boolean replaceable(Kernel kernel, long table, Ksm.Page page, long merged) {
        long entry = kernel.tables().entry(table, page.address(), 1);
        return Entry.mapped(entry) && Entry.frame(entry) == page.frame() && !Entry.writable(entry)
                && kernel.folios().has(merged, Folios.KSM) && kernel.frames().same(page.frame(), merged);
    }

    /** What is done to the entry, under its table's lock. */
    interface Inside {
        KernelStep at(long table);
    }

    private static void around(Kernel kernel, Turn turn, Ksm.Page page, Inside inside) {
        long end = page.address() + Frames.PAGE_SIZE;
        long table = kernel.pteTable(page.mm(), page.address());
        if (table != 0) {
            turn.then(
                    new NotifyStart(page.mm(), page.address(), end, Reason.CLEAR, true),
                    new PageTableLock.Lock(table),
                    inside.at(table),
                    new NotifyEnd(page.mm(), page.address(), end, Reason.CLEAR, true, false));
        }
    }

    /** ptep_clear_flush() (with notification in 3.19 only, later left to the end of the range), then what comes next. */
    private static void clear(Kernel kernel, Turn turn, Ksm.Page page, long table) {
        long end = page.address() + Frames.PAGE_SIZE;
        if (kernel.version().ksmInvalidates()) {
            turn.then(new InvalidateRange(page.mm(), page.address(), end));
        }
        turn.then(new CpuFlush.FlushTlbMmRange(page.mm(), page.address(), end, false));
        turn.perform(PageTables.Clear.pte(page.mm(), table, page.address(), "ptep_clear_flush"));
    }

    /** Clears an entry that could be written through. */
    @Cites("mm/ksm.c: write_protect_page, 3.16-6.18; ptep_clear_flush(_notify)")
    record ClearWritable(Ksm.Page page, long table) implements KsmMerge {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long entry = kernel.tables().entry(table, page.address(), 1);
            boolean maps = Entry.mapped(entry) && Entry.frame(entry) == page.frame();
            boolean exclusive = kernel.version().anonExclusive() && kernel.folios().has(page.frame(), Folios.ANON_EXCLUSIVE);
            if (!maps || !Entry.writable(entry) && !Entry.dirty(entry) && !exclusive) {
                turn.perform(new PageTableLock.Unlock(table));
                return;
            }
            turn.then(new Protect(page, table, entry));
            clear(kernel, turn, page, table);
        }
    }

    /** Whether somebody else may be writing to the page shows only now: then the entry comes back as it was. */
    @Cites("mm/ksm.c: write_protect_page, page_mapcount + 1 + swapped != page_count, 3.16-6.18")
    record Protect(Ksm.Page page, long table, long entry) implements KsmMerge {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long frame = page.frame();
            long known = kernel.frames().mappings(frame) + (kernel.swap().slot(frame) == 0 ? 0 : 1);
            boolean held = kernel.frames().references(frame) > known + 1;
            if (held) {
                turn.then(new SetPte(page, table, entry));
                return;
            }
            kernel.folios().unmark(frame, Folios.ANON_EXCLUSIVE);
            kernel.folios().mark(frame, Folios.DIRTY);
            turn.then(new SetPte(page, table, entry & ~(Entry.WRITE | Entry.DIRTY)));
            if (kernel.version().hasChangePte()) {
                turn.then(new ChangePte(page.mm(), page.address()));
            }
        }
    }

    /** Sets the entry, and lets go of the lock. */
    @Cites("mm/ksm.c: write_protect_page, set_pte_at_notify, 3.16-6.6; set_pte_at, 6.18")
    record SetPte(Ksm.Page page, long table, long entry) implements KsmMerge {
        @Override
        public void run(Kernel kernel, Turn turn) {
            kernel.tables().entry(table, page.address(), 1, entry);
            PageTables.changed(kernel, turn, page.mm(), "set", page.address(), Frames.PAGE_SIZE, null);
            turn.perform(new PageTableLock.Unlock(table));
        }
    }

    /** The page that may only be read now is the merged one. */
    @Cites("mm/ksm.c: try_to_merge_one_page, set_page_stable_node, 3.16-6.18")
    record SetPageStableNode(Ksm.Page page) implements KsmMerge {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long entry = kernel.pte(page.mm(), page.address());
            if (Entry.mapped(entry) && Entry.frame(entry) == page.frame() && !Entry.writable(entry)) {
                kernel.folios().mark(page.frame(), Folios.KSM);
            }
        }
    }

    /** Clears the entry of the page that gives way. */
    @Cites("mm/ksm.c: replace_page, 3.16-6.18; ptep_clear_flush(_notify)")
    record ClearReplaced(Ksm.Page page, long table, long merged) implements KsmMerge {
        @Override
        public void run(Kernel kernel, Turn turn) {
            if (!replaceable(kernel, table, page, merged)) {
                turn.perform(new PageTableLock.Unlock(table));
                return;
            }
            turn.then(new SetMerged(page, table, merged));
            if (kernel.version().hasChangePte()) {
                turn.then(new ChangePte(page.mm(), page.address()));
            }
            clear(kernel, turn, page, table);
        }
    }

    /** Maps the merged page; the other's mapping goes. */
    @Cites("mm/ksm.c: replace_page, 3.16-6.18")
    record SetMerged(Ksm.Page page, long table, long merged) implements KsmMerge {
        @Override
        public void run(Kernel kernel, Turn turn) {
            Vma vma = kernel.vmas().at(page.mm(), page.address());
            kernel.frames().get(merged);
            kernel.frames().mapped(merged, 1);
            kernel.frames().mapped(page.frame(), -1);
            kernel.frames().put(page.frame());
            long bits = vma.pageProtection(false) | Entry.ACCESSED;
            new SetPte(page, table, Entry.of(merged, bits)).run(kernel, turn);
        }
    }

    /** A reference of the scan's goes, and with the last one the page. */
    @Cites("mm/ksm.c: try_to_merge_with_ksm_page, put_page, 3.16-6.18")
    record PutPage(int mm, long frame) implements KsmMerge {
        @Override
        public void run(Kernel kernel, Turn turn) {
            Free.page(kernel, turn, mm, frame);
        }
    }
}
