package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Translation;
import dev.shootdown.notifier.InvalidateRange;
import dev.shootdown.notifier.NotifyEnd;
import dev.shootdown.notifier.NotifyStart;
import dev.shootdown.notifier.Reason;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import dev.shootdown.vocabulary.Signal;

/** Faults of a mapping of the hugetlb pool. Its pages are not counted as resident. */
sealed interface HugetlbFault extends KernelStep {
    /** The upper tables are there: a missing page is taken from the pool, one that may not be written to is reused or copied. */
    @Cites("mm/hugetlb.c: hugetlb_fault, hugetlb_no_page, hugetlb_cow, hugetlb_wp, 3.16-6.18")
    record Begin(Vma vma, long address, int access) implements HugetlbFault {
        @Override
        public boolean ready(World world) {
            return Thp.unlocked(world, vma.mm(), address);
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            if (PageTables.missing(turn)) {
                return;
            }
            long entry = kernel.thp().at(vma.mm(), address);
            boolean write = (access & Translation.WRITE) != 0;
            if (entry == 0) {
                if (vma.has(Vma.SHARED)) {
                    shared(kernel, turn);
                } else {
                    missing(kernel, turn, write);
                }
            } else if (!write || Entry.writable(entry)) {
                turn.result(FaultOutcome.SPURIOUS.ordinal());
            } else if (vma.has(Vma.SHARED) || kernel.frames().mappingsWhole(Entry.frame(entry)) == 1) {
                set(kernel, turn, Entry.frame(entry), true);
                turn.result(FaultOutcome.REUSE.ordinal());
            } else {
                copy(kernel, turn, entry);
            }
        }

        private void missing(Kernel kernel, Turn turn, boolean write) {
            if (VmaLock.retriesUnprepared(kernel, turn, vma)) {
                return;
            }
            Vma prepared = AnonymousFault.prepare(kernel, vma);
            long frame = kernel.hugetlb().allocate(vma.mm(), Thp.start(address));
            if (frame == 0) {
                turn.signal(Signal.BUS_ADRERR, "the hugetlb pool has no page left");
                return;
            }
            HugeAnonymousFault.map(kernel, prepared, address, frame);
            set(kernel, turn, frame, write);
            turn.result(FaultOutcome.ANON.ordinal());
        }

        /** The page is the file's, which has one for all who map it. */
        private void shared(Kernel kernel, Turn turn) {
            long start = Thp.start(address);
            long index = vma.index(start);
            if (index << Frames.PAGE_SHIFT >= kernel.files().size(vma.file())) {
                turn.signal(Signal.BUS_ADRERR, "the page lies beyond the end of the file");
                return;
            }
            long frame = kernel.files().frame(vma.file(), index);
            if (frame == 0) {
                frame = kernel.hugetlb().allocate(vma.file(), index << Frames.PAGE_SHIFT);
                if (frame == 0) {
                    turn.signal(Signal.BUS_ADRERR, "the hugetlb pool has no page left");
                    return;
                }
                kernel.files().addHuge(vma.file(), index, frame);
            }
            kernel.frames().get(frame);
            kernel.frames().mappedWhole(frame, 1);
            set(kernel, turn, frame, true);
            turn.result(FaultOutcome.FILE.ordinal());
        }

        private void set(Kernel kernel, Turn turn, long frame, boolean write) {
            long start = Thp.start(address);
            kernel.thp().set(kernel.thp().table(vma.mm(), start), start, entry(vma, frame, write));
            PageTables.changed(kernel, turn, vma.mm(), "set", start, Thp.SIZE, null);
        }

        private void copy(Kernel kernel, Turn turn, long entry) {
            long start = Thp.start(address);
            long frame = kernel.hugetlb().allocate(vma.mm(), start);
            if (frame == 0) {
                turn.signal(Signal.BUS_ADRERR, "the hugetlb pool has no page left");
                return;
            }
            kernel.frames().get(Entry.frame(entry));
            HugeCopy.contents(kernel, Entry.frame(entry), frame);
            turn.then(
                    new NotifyStart(vma.mm(), start, start + Thp.SIZE, Reason.CLEAR, true),
                    new PageTableLock.Lock(kernel.thp().table(vma.mm(), start)),
                    new Clear(vma, start, entry, frame),
                    new NotifyEnd(vma.mm(), start, start + Thp.SIZE, Reason.CLEAR, true, false),
                    new MigratePages.Put(vma.mm(), Entry.frame(entry)),
                    new Result(FaultOutcome.COW.ordinal(), null));
        }
    }

    private static long entry(Vma vma, long frame, boolean write) {
        long bits = vma.pageProtection(false) | Entry.HUGE | Entry.ACCESSED | Entry.SOFT_DIRTY;
        return Entry.of(frame, bits | (write && vma.has(Vma.WRITE) ? Entry.WRITE | Entry.DIRTY : 0));
    }

    /** Clears the old entry and flushes its first page, if it is still the one that faulted; secondary TLBs are told of all of it. */
    @Cites("mm/hugetlb.c: hugetlb_cow, hugetlb_wp, huge_ptep_clear_flush, 3.16-6.18")
    record Clear(Vma vma, long start, long entry, long frame) implements HugetlbFault {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long table = kernel.thp().table(vma.mm(), start);
            if (kernel.tables().entry(table, start, 2) != entry) {
                kernel.unlockTable(table);
                turn.then(new MigratePages.Put(vma.mm(), frame));
                return;
            }
            turn.then(new Set(vma, start, Entry.frame(entry), frame));
            if (kernel.version().callersInvalidate()) {
                turn.then(new InvalidateRange(vma.mm(), start, start + Thp.SIZE));
            }
            turn.then(new CpuFlush.FlushTlbMmRange(vma.mm(), start, start + Frames.PAGE_SIZE, false));
            kernel.thp().set(table, start, 0);
            PageTables.changed(kernel, turn, vma.mm(), "clear", start, Thp.SIZE, "ptep_clear_flush");
        }
    }

    /** Maps the copy; the mapping's reference of the old page goes. */
    @Cites("mm/hugetlb.c: hugetlb_cow, hugetlb_wp, set_huge_pte_at, 3.16-6.18")
    record Set(Vma vma, long start, long old, long frame) implements HugetlbFault {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long table = kernel.thp().table(vma.mm(), start);
            kernel.frames().mappedWhole(old, -1);
            kernel.frames().put(old);
            HugeAnonymousFault.map(kernel, vma, start, frame);
            kernel.thp().set(table, start, entry(vma, frame, true));
            PageTables.changed(kernel, turn, vma.mm(), "set", start, Thp.SIZE, null);
            kernel.unlockTable(table);
        }
    }
}
