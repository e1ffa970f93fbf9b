package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Use;
import dev.shootdown.notifier.ChangePte;
import dev.shootdown.notifier.InvalidateRange;
import dev.shootdown.notifier.NotifyEnd;
import dev.shootdown.notifier.NotifyStart;
import dev.shootdown.notifier.Reason;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/** A write to a page that is mapped without write permission: the same page made writable, or a copy. */
sealed interface WriteFault extends KernelStep {
    /** do_wp_page(): decides. */
    static void begin(Kernel kernel, Turn turn, Vma vma, long table, long page, long entry) {
        boolean told = vma.has(Vma.SHARED) && kernel.files().writeNotify(vma.file());
        if (told && kernel.version().vmaLockMapsCachedPagesOnly() && VmaLock.retry(kernel, turn)) {
            // The file system is asked with the mmap lock held.
            return;
        }
        if (vma.has(Vma.SHARED) || reusable(kernel, turn, vma.mm(), Entry.frame(entry))) {
            turn.then(new WpPageReuse(vma, table, page, entry));
        } else {
            turn.perform(new Prepare(vma, table, page, entry));
        }
    }

    /** Whether an anonymous page is nobody else's: wp_can_reuse_anon_folio(), before that reuse_swap_page(). */
    private static boolean reusable(Kernel kernel, Turn turn, int mm, long frame) {
        if (kernel.frames().use(frame) != Use.ANONYMOUS || kernel.folios().has(frame, Folios.KSM)) {
            return false;
        }
        return kernel.version().anonExclusive()
                ? kernel.folios().has(frame, Folios.ANON_EXCLUSIVE) || alone(kernel, turn, mm, frame)
                : most(kernel, frame) + kernel.swap().count(frame) == 1;
    }

    /** Whether one reference is all there is; newer kernels take parts of a huge page that only this space maps: __wp_can_reuse_large_anon_folio(). */
    private static boolean alone(Kernel kernel, Turn turn, int mm, long frame) {
        if (!kernel.frames().compound(frame) || !kernel.version().reusesLargeFolios()) {
            return kernel.lru().alone(turn, kernel, frame);
        }
        long mapped = kernel.frames().mappingsOfAll(frame);
        return mapped > 1 && mapped == kernel.frames().references(frame) && !kernel.rmap().mappedElsewhere(frame, mm);
    }

    /** How often a page is mapped; of a compound one, the page of it that is mapped most: page_trans_huge_mapcount(). */
    private static long most(Kernel kernel, long frame) {
        long most = kernel.frames().mappings(frame);
        long head = kernel.frames().head(frame);
        for (int i = 0; i < Thp.PAGES && kernel.frames().compound(frame); i++) {
            most = Math.max(most, kernel.frames().mappings(head + i));
        }
        return most;
    }

    /** The copy is made before anybody is told. */
    @Cites("mm/memory.c: wp_page_copy, 4.4-6.18, do_wp_page, 3.16-4.3")
    record Prepare(Vma vma, long table, long page, long entry) implements WriteFault {
        @Override
        public void run(Kernel kernel, Turn turn) {
            int mm = vma.mm();
            long old = Entry.frame(entry);
            if (VmaLock.retriesUnprepared(kernel, turn, vma)) {
                return;
            }
            Vma prepared = AnonymousFault.prepare(kernel, vma);
            long frame = AnonymousFault.allocate(kernel, turn, mm);
            if (frame == 0) {
                return;
            }
            AnonymousFault.place(kernel, turn, vma, frame);
            if (old != kernel.zeroFrame()) {
                turn.perform(new GetPage(old));
                kernel.frames().copy(old, frame);
            }
            long end = page + Frames.PAGE_SIZE;
            turn.then(
                    new NotifyStart(mm, page, end, Reason.CLEAR, true),
                    new PageTableLock.Lock(table),
                    new WpPageCopy(prepared, table, page, entry, frame));
        }
    }

    /** Makes the entry writable in place. x86 flushes nothing: a CPU with the old entry faults, and finds the new one. */
    @Cites("mm/memory.c: wp_page_reuse, wp_page_shared, 3.16-6.18")
    record WpPageReuse(Vma vma, long table, long page, long entry) implements WriteFault {
        @Override
        public boolean ready(World world) {
            return world.part(Kernel.class).unlocked(table);
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            turn.result(FaultOutcome.REUSE.ordinal());
            long now = kernel.tables().entry(table, page, 1);
            long frame = Entry.frame(entry);
            boolean shared = vma.has(Vma.SHARED);
            if (Entry.frame(now) != frame || !Entry.mapped(now) || !shared && !reusable(kernel, turn, vma.mm(), frame)) {
                return;
            }
            if (shared) {
                kernel.folios().mark(frame, Folios.DIRTY);
            } else if (kernel.version().anonExclusive()) {
                kernel.folios().mark(frame, Folios.ANON_EXCLUSIVE);
            }
            long bits = Entry.ACCESSED | Entry.DIRTY | Entry.SOFT_DIRTY | (vma.has(Vma.WRITE) ? Entry.WRITE : 0);
            kernel.tables().entry(table, page, 1, now | bits);
            PageTables.changed(kernel, turn, vma.mm(), "set", page, Frames.PAGE_SIZE, null);
        }
    }

    /** Clears the old entry and flushes it under the lock, if it is still the one that faulted. */
    @Cites("mm/memory.c: wp_page_copy, 4.4-6.18, do_wp_page, 3.16-4.3; ptep_clear_flush(_notify)")
    record WpPageCopy(Vma vma, long table, long page, long entry, long frame) implements WriteFault {
        @Override
        public void run(Kernel kernel, Turn turn) {
            int mm = vma.mm();
            long end = page + Frames.PAGE_SIZE;
            long now = kernel.tables().entry(table, page, 1);
            boolean same = now == entry;
            turn.then(
                    new NotifyEnd(mm, page, end, Reason.CLEAR, true, true),
                    new PutPages(mm, Entry.frame(entry), same && kernel.version().copyDropsAfterEnd() ? 2 : 1, same ? 0 : frame));
            if (same) {
                replace(kernel, turn, mm, end);
            } else {
                turn.perform(new PageTableLock.Unlock(table));
            }
        }

        private void replace(Kernel kernel, Turn turn, int mm, long end) {
            turn.then(new SetCopied(vma, table, page, Entry.frame(entry), frame));
            if (kernel.version().hasChangePte()) {
                turn.then(new ChangePte(mm, page));
            }
            if (kernel.version().callersInvalidate()) {
                turn.then(new InvalidateRange(mm, page, end));
            }
            turn.then(new CpuFlush.FlushTlbMmRange(mm, page, end, false));
            turn.perform(PageTables.Clear.pte(mm, table, page, "ptep_clear_flush"));
        }
    }

    /** Maps the copy and lets go of the lock. */
    @Cites("mm/memory.c: wp_page_copy, set_pte_at_notify, 3.16-6.6; set_pte_at, 6.18")
    record SetCopied(Vma vma, long table, long page, long old, long frame) implements WriteFault {
        @Override
        public void run(Kernel kernel, Turn turn) {
            if (old != kernel.zeroFrame()) {
                kernel.frames().mapped(old, -1);
                kernel.count(vma.mm(), Rss.of(kernel.frames(), old, kernel.version()), -1);
                if (!kernel.version().copyDropsAfterEnd()) {
                    kernel.frames().put(old);
                }
            }
            AnonymousFault.map(kernel, turn, vma, page, frame);
            kernel.tables().entry(table, page, 1, AnonymousFault.entry(vma, frame));
            PageTables.changed(kernel, turn, vma.mm(), "set", page, Frames.PAGE_SIZE, null);
            turn.perform(new PageTableLock.Unlock(table));
        }
    }

    /**
     * Drops references that the copy held; the last one of a page frees it.
     *
     * @param old        the page that was copied
     * @param references how many of its references go: the fault's own, and where the version is late the mapping's
     * @param unused     a copy that was not needed, or 0
     */
    @Cites("mm/memory.c: wp_page_copy, put_page of old_page and new_page, 3.16-6.18")
    record PutPages(int mm, long old, int references, long unused) implements WriteFault {
        @Override
        public void run(Kernel kernel, Turn turn) {
            turn.result(FaultOutcome.COW.ordinal());
            if (unused != 0) {
                turn.then(new PutPages(mm, old, references, 0));
                Free.page(kernel, turn, mm, unused);
            } else if (old != kernel.zeroFrame()) {
                if (references == 2) {
                    kernel.frames().put(old);
                }
                Free.page(kernel, turn, mm, old);
            }
        }
    }
}
