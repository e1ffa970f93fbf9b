package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Use;
import dev.shootdown.notifier.NotifyEnd;
import dev.shootdown.notifier.NotifyStart;
import dev.shootdown.notifier.Reason;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/** Gives the entries of a part of a mapping the protection that the mapping has by now. */
sealed interface ChangeProtection extends KernelStep {
    /** What the entries get: their mapping's protection, or userfaultfd's write-protection, or its end. */
    enum Mode { PROTECT, UFFD_PROTECT, UFFD_UNPROTECT }

    /** Older kernels flush for each mapping by itself, all of the part if any entry was there. */
    @Cites("mm/mprotect.c: change_protection, change_protection_range, 3.16-6.18")
    record Begin(Vma vma, long start, long end) implements ChangeProtection {
        @Override
        public void run(Kernel kernel, Turn turn) {
            if (vma.has(Vma.HUGETLB)) {
                turn.then(new HugetlbRange.Protect(vma, start, end));
                return;
            }
            if (!kernel.version().protectGathers()) {
                kernel.gather().begin(turn.actor(), vma.mm(), start, end);
                turn.then(new FlushRange(vma.mm(), start, end));
            }
            turn.then(new Piece(vma, start, end, Mode.PROTECT));
        }
    }

    /** One gigabyte (or 512 of them, where the version says so) with a page table in it; notified for by itself. */
    @Cites("mm/mprotect.c: change_pmd_range, 3.16-6.6; change_pud_range, 6.18")
    record Piece(Vma vma, long start, long end, Mode mode) implements ChangeProtection {
        @Override
        public void run(Kernel kernel, Turn turn) {
            int level = kernel.version().protectNotifiesPer();
            long first = PageTables.nextTable(kernel, vma.mm(), start, end, level - 2);
            if (first == end) {
                return;
            }
            long limit = Math.min((first | Entry.span(level) - 1) + 1, end);
            if (limit != end) {
                turn.then(new Piece(vma, limit, end, mode));
            }
            turn.then(
                    new NotifyStart(vma.mm(), first, limit, Reason.PROTECTION_VMA, true),
                    new Table(vma, first, limit, mode),
                    new NotifyEnd(vma.mm(), first, limit, Reason.PROTECTION_VMA, true, false));
        }
    }

    /** Finds the next page table with something in it, and takes its lock. */
    @Cites("mm/mprotect.c: change_pmd_range, 3.16-6.18")
    record Table(Vma vma, long address, long end, Mode mode) implements ChangeProtection {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long next = PageTables.nextMapped(kernel, vma.mm(), address, end);
            if (next == end) {
                return;
            }
            long limit = PageTables.tableEnd(next, end);
            if (kernel.thp().at(vma.mm(), next) == 0) {
                long table = kernel.pteTable(vma.mm(), next);
                turn.then(new PageTableLock.Lock(table), new Pte(vma, table, next, limit, end, mode));
            } else if (Thp.whole(next, limit)) {
                turn.then(new PageTableLock.Lock(kernel.thp().table(vma.mm(), next)), new ChangeHugePmd(vma, next, end, mode));
            } else {
                turn.then(new SplitHugePmd.Split(vma.mm(), next), new Table(vma, next, end, mode));
            }
        }
    }

    /** One entry changes. */
    @Cites("mm/mprotect.c: change_pte_range, 3.16-6.18")
    record Pte(Vma vma, long table, long address, long limit, long end, Mode mode) implements ChangeProtection {
        @Override
        public void run(Kernel kernel, Turn turn) {
            if (kernel.unmapBatch().pending(vma.mm())) {
                turn.then(this);
                kernel.unmapBatch().flushPending(turn, vma.mm());
                return;
            }
            long old = kernel.tables().entry(table, address, 1);
            if (Entry.mapped(old)) {
                change(kernel, turn, old);
            }
            long next = address + Frames.PAGE_SIZE;
            while (next != limit && kernel.tables().entry(table, next, 1) == 0) {
                next += Frames.PAGE_SIZE;
            }
            if (next != limit) {
                turn.then(new Pte(vma, table, next, limit, end, mode));
                return;
            }
            turn.perform(new PageTableLock.Unlock(table));
            if (limit != end) {
                turn.then(new Table(vma, limit, end, mode));
            }
        }

        private void change(Kernel kernel, Turn turn, long old) {
            long next = changed(kernel, vma, old, mode);
            if (!kernel.version().protectGathers() || needsFlush(old, next)) {
                kernel.gather().adjust(turn.actor(), address, Frames.PAGE_SIZE);
            }
            if (next != old) {
                boolean less = Entry.writable(old) && !Entry.writable(next) && Entry.present(next);
                turn.perform(new PageTables.Clear(vma.mm(), table, address, 1, next, less ? "wrprotect" : "set", null));
            }
        }

    }

    /** What an entry says then. */
    static long changed(Kernel kernel, Vma vma, long old, Mode mode) {
        return switch (mode) {
            case PROTECT -> protect(kernel, vma, old);
            case UFFD_PROTECT -> old & ~Entry.WRITE | Entry.UFFD_WP;
            case UFFD_UNPROTECT -> unprotect(kernel, vma, old);
        };
    }

    /** What was write-protected may be written to again; from 6.2 on without a fault, where none would do anything else. */
    private static long unprotect(Kernel kernel, Vma vma, long old) {
        boolean upgrade = kernel.version().uffdMakesWritable() && (old & Entry.UFFD_WP) != 0 && vma.has(Vma.WRITE)
                && writable(kernel, vma, old, kernel.files().writeNotify(vma.file()));
        return old & ~Entry.UFFD_WP | (upgrade ? Entry.WRITE : 0);
    }

    private static long protect(Kernel kernel, Vma vma, long old) {
        boolean notify = kernel.files().writeNotify(vma.file());
        long kept = old & (Entry.of(Entry.frame(-1L), 0) | Entry.ACCESSED | Entry.DIRTY | Entry.SPECIAL | Entry.SOFT_DIRTY | Entry.UFFD_WP | Entry.HUGE);
        long next = kept | vma.pageProtection(notify);
        if (vma.has(Vma.WRITE) && (old & Entry.UFFD_WP) == 0 && writable(kernel, vma, old, notify)) {
            next |= Entry.WRITE;
        }
        return next;
    }

    /** can_change_pte_writable(); before that, only for dirty pages of files that want to know of writes. */
    private static boolean writable(Kernel kernel, Vma vma, long old, boolean notify) {
        long frame = Entry.frame(old);
        if (vma.has(Vma.SHARED)) {
            return Entry.dirty(old) || !notify;
        }
        return kernel.version().protectMakesWritable()
                && kernel.frames().use(frame) == Use.ANONYMOUS
                && kernel.folios().has(frame, Folios.ANON_EXCLUSIVE);
    }

    /** pte_needs_flush(): a CPU may remember more than the entry says by now. */
    static boolean needsFlush(long old, long next) {
        if (!Entry.present(old)) {
            return false;
        }
        long permissions = Entry.WRITE | Entry.USER | Entry.NX;
        boolean lost = (old & ~next & (Entry.DIRTY | Entry.ACCESSED)) != 0;
        return !Entry.present(next) || Entry.frame(old) != Entry.frame(next) || ((old ^ next) & permissions) != 0 || lost;
    }

    /** Older kernels: the whole part is flushed, if any entry was there. */
    @Cites("mm/mprotect.c: change_protection_range, flush_tlb_range, 3.16-5.15")
    record FlushRange(int mm, long start, long end) implements ChangeProtection {
        @Override
        public void run(Kernel kernel, Turn turn) {
            Actor actor = turn.actor();
            boolean needed = kernel.gather().needed(actor);
            kernel.gather().reset(actor, 0);
            turn.then(new GatherStep.Finished());
            if (needed) {
                turn.perform(new CpuFlush.FlushTlbMmRange(mm, start, end, false));
            }
        }
    }
}
