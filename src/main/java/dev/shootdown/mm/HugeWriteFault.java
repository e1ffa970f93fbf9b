package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Translation;
import dev.shootdown.memory.Use;
import dev.shootdown.notifier.InvalidateRange;
import dev.shootdown.notifier.NotifyEnd;
import dev.shootdown.notifier.NotifyStart;
import dev.shootdown.notifier.Reason;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/**
 * A fault where a huge page is mapped. A write to one that may not be written to makes it writable, or copies it as a
 * whole, or splits it so that a page of it is copied, as the version does.
 */
sealed interface HugeWriteFault extends KernelStep {
    /** Waits for the lock, looks at the entry and decides. */
    @Cites("mm/memory.c: __handle_mm_fault, wp_huge_pmd; mm/huge_memory.c: do_huge_pmd_wp_page, huge_pmd_set_accessed, 3.16-6.18")
    record Begin(Vma vma, long address, int access) implements HugeWriteFault {
        @Override
        public boolean ready(World world) {
            return Thp.unlocked(world, vma.mm(), address);
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            long entry = kernel.thp().at(vma.mm(), address);
            boolean write = (access & Translation.WRITE) != 0;
            if (entry == 0) {
                turn.then(new HandleMmFault.Walk(vma, address, access));
            } else if (!write || Entry.writable(entry)) {
                turn.result(FaultOutcome.SPURIOUS.ordinal());
            } else if (Uffd.serves(vma, entry, true)) {
                Uffd.handle(kernel, turn, vma, address & -Frames.PAGE_SIZE, true);
            } else if (kernel.thp().isZero(entry)) {
                copy(kernel, turn, entry, kernel.version().replacesHugeZeroPage());
            } else if (reusable(kernel, Entry.frame(entry))) {
                reuse(kernel, turn, entry);
            } else {
                copy(kernel, turn, entry, kernel.version().copiesHugePages() && kernel.thp().allowable(vma, false));
            }
        }

        /** Whether the page is nobody else's: reuse_swap_page(), later PageAnonExclusive() or its only reference. */
        private static boolean reusable(Kernel kernel, long head) {
            return kernel.version().anonExclusive()
                    ? kernel.folios().has(head, Folios.ANON_EXCLUSIVE) || kernel.frames().references(head) == 1
                    : kernel.frames().mappingsOfAll(head) == 1;
        }

        private void reuse(Kernel kernel, Turn turn, long entry) {
            if (kernel.version().anonExclusive()) {
                kernel.folios().mark(Entry.frame(entry), Folios.ANON_EXCLUSIVE);
            }
            long bits = Entry.ACCESSED | Entry.DIRTY | Entry.SOFT_DIRTY | (vma.has(Vma.WRITE) ? Entry.WRITE : 0);
            kernel.thp().set(kernel.thp().table(vma.mm(), address), address, entry | bits);
            PageTables.changed(kernel, turn, vma.mm(), "set", Thp.start(address), Thp.SIZE, null);
            turn.result(FaultOutcome.REUSE.ordinal());
        }

        /** A huge page for the copy, if there is one to be had; else pages by themselves. */
        private void copy(Kernel kernel, Turn turn, long entry, boolean whole) {
            long frame = whole ? kernel.frames().allocate(Use.ANONYMOUS, vma.mm(), Thp.ORDER) : 0;
            boolean zero = kernel.thp().isZero(entry);
            if (frame != 0) {
                if (!zero) {
                    kernel.frames().get(Entry.frame(entry));
                    HugeCopy.contents(kernel, Entry.frame(entry), frame);
                }
                AnonymousFault.place(kernel, turn, vma, frame);
                turn.then(new Copy(vma, address, entry, frame));
                HugeAnonymousFault.allocated(kernel, turn, vma.mm(), frame);
            } else if (zero || !kernel.version().copiesHugePages()) {
                turn.then(new SplitHugePmd.Split(vma.mm(), address), new HandleMmFault.Walk(vma, address, access));
            } else {
                kernel.frames().get(Entry.frame(entry));
                turn.then(new HugeCopy.AllocPage(vma, address, access, entry, 0));
            }
        }
    }

    /** The copy is made: the range opens. */
    @Cites("mm/huge_memory.c: do_huge_pmd_wp_page, 3.16-5.7; do_huge_zero_wp_pmd, 6.13-6.18")
    record Copy(Vma vma, long address, long entry, long frame) implements HugeWriteFault {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long start = Thp.start(address);
            long end = start + Thp.SIZE;
            turn.then(
                    new NotifyStart(vma.mm(), start, end, Reason.CLEAR, true),
                    new PageTableLock.Lock(kernel.thp().table(vma.mm(), start)),
                    new Clear(vma, start, entry, frame),
                    new NotifyEnd(vma.mm(), start, end, Reason.CLEAR, true, true),
                    new Result(FaultOutcome.COW.ordinal(), null));
        }
    }

    /** Clears the old entry and flushes it under the lock, if it is still the one that faulted. */
    @Cites("mm/huge_memory.c: do_huge_pmd_wp_page, 3.16-5.7, do_huge_zero_wp_pmd, 6.13-6.18; pmdp_huge_clear_flush(_notify)")
    record Clear(Vma vma, long start, long entry, long frame) implements HugeWriteFault {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long table = kernel.thp().table(vma.mm(), start);
            boolean zero = kernel.thp().isZero(entry);
            if (kernel.tables().entry(table, start, 2) != entry) {
                turn.perform(new PageTableLock.Unlock(table));
                turn.then(new MigratePages.Put(vma.mm(), frame), new MigratePages.Put(vma.mm(), zero ? 0 : Entry.frame(entry)));
                return;
            }
            turn.then(new Set(vma, start, entry, frame));
            clear(kernel, turn, vma.mm(), start, table);
        }
    }

    /** pmdp_huge_clear_flush(), with the secondary TLBs told where the version does so here. */
    static void clear(Kernel kernel, Turn turn, int mm, long start, long table) {
        if (kernel.version().callersInvalidate()) {
            turn.then(new InvalidateRange(mm, start, start + Thp.SIZE));
        }
        turn.then(SplitHugePmd.flush(kernel, mm, start));
        kernel.thp().set(table, start, 0);
        PageTables.changed(kernel, turn, mm, "clear", start, Thp.SIZE, "pmdp_huge_clear_flush");
    }

    /** Maps the copy and lets go of the lock; the old page's mapping goes, and the references of it and of the fault. */
    @Cites("mm/huge_memory.c: do_huge_pmd_wp_page, 3.16-5.7; map_anon_folio_pmd, 6.13-6.18")
    record Set(Vma vma, long start, long entry, long frame) implements HugeWriteFault {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long table = kernel.thp().table(vma.mm(), start);
            HugeAnonymousFault.map(kernel, vma, start, frame);
            kernel.thp().set(table, start, HugeAnonymousFault.entry(vma, frame));
            PageTables.changed(kernel, turn, vma.mm(), "set", start, Thp.SIZE, null);
            turn.perform(new PageTableLock.Unlock(table));
            if (kernel.thp().isZero(entry)) {
                kernel.count(vma.mm(), Rss.ANON, Thp.PAGES);
            } else {
                long old = Entry.frame(entry);
                kernel.frames().mappedWhole(old, -1);
                kernel.frames().put(old);
                turn.then(new MigratePages.Put(vma.mm(), old));
            }
        }
    }
}
