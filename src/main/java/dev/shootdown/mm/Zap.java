package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Use;
import dev.shootdown.mm.ReclaimPageTable.Plan;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/** Clears the entries of a part of a mapping, into the actor's gather. What is empty is passed over at no cost. */
sealed interface Zap extends KernelStep {
    /**
     * Finds the next page table with something in it, or that is to be freed, and takes its lock.
     */
    @Cites("mm/memory.c: unmap_page_range, 3.16-6.18")
    record UnmapPageRange(Vma vma, long address, long end, ZapDetails details) implements Zap {
        UnmapPageRange(Vma vma, long address, long end) {
            this(vma, address, end, ZapDetails.UNMAP);
        }

        @Override
        public void run(Kernel kernel, Turn turn) {
            if (vma.has(Vma.HUGETLB)) {
                turn.then(new HugetlbRange.Unmap(vma, address, end));
                return;
            }
            long mapped = PageTables.nextMapped(kernel, vma.mm(), address, end);
            long next = details.tables() ? Math.min(mapped, ReclaimPageTable.next(kernel, vma.mm(), address, end)) : mapped;
            if (next == end) {
                return;
            }
            long limit = PageTables.tableEnd(next, end);
            if (kernel.thp().at(vma.mm(), next) != 0) {
                huge(turn, next, limit);
            } else {
                long table = kernel.pteTable(vma.mm(), next);
                turn.then(new PageTableLock.Lock(table), new ZapPte(vma, table, next, limit, end, details, plan(next, limit)));
            }
        }

        /** Only a table that is cleared as a whole is freed: reclaim_pt_is_enabled(). */
        private Plan plan(long next, long limit) {
            return details.tables() && Thp.whole(next, limit) ? Plan.DIRECT : Plan.STAYS;
        }

        /** A huge page goes as one; a part of it only after it was split. */
        private void huge(Turn turn, long next, long limit) {
            if (Thp.whole(next, limit)) {
                turn.then(new ZapHugePmd(vma, next, end, details));
            } else {
                turn.then(new SplitHugePmd.Split(vma.mm(), next), new UnmapPageRange(vma, next, end, details));
            }
        }
    }

    /**
     * Clears one entry under the lock of its table, and goes on with the next one that is not empty.
     *
     * @param limit the end of what the table covers
     * @param end   the end of all that is to be cleared
     * @param details what goes
     * @param plan  what becomes of the table
     */
    @Cites("mm/memory.c: zap_pte_range, 3.16-6.18")
    record ZapPte(Vma vma, long table, long address, long limit, long end, ZapDetails details, Plan plan) implements Zap {
        @Override
        public void run(Kernel kernel, Turn turn) {
            Actor actor = turn.actor();
            if (kernel.unmapBatch().pending(vma.mm())) {
                turn.then(this);
                kernel.unmapBatch().flushPending(turn, vma.mm());
                return;
            }
            long entry = kernel.tables().entry(table, address, 1);
            boolean full = clear(kernel, turn, actor, entry);
            boolean skipped = kernel.tables().entry(table, address, 1) != 0;
            long next = next(kernel, address + Frames.PAGE_SIZE);
            ZapPte on = new ZapPte(vma, table, next, limit, end, details, skipped ? Plan.STAYS : plan);
            if (full) {
                on.letGo(kernel, turn, address + Frames.PAGE_SIZE);
            } else if (next != limit) {
                turn.then(on);
            } else {
                on.last(kernel, turn);
            }
        }

        /** The last entry of the table is cleared: the table goes under the same lock, where it may. */
        private void last(Kernel kernel, Turn turn) {
            ZapPte on = this;
            if (plan == Plan.DIRECT && ReclaimPageTable.direct(kernel, vma.mm(), start())) {
                ReclaimPageTable.clear(kernel, turn, vma.mm(), table, start());
            } else if (plan == Plan.DIRECT) {
                on = checked();
            }
            if (kernel.gather().forced(turn.actor())) {
                on.flushEarly(kernel, turn, limit);
            } else {
                turn.perform(new PageTableLock.Unlock(table));
                on.goOn(turn, limit);
            }
        }

        /** The gather is full: what is left of the table comes after the lock was let go of. */
        private void letGo(Kernel kernel, Turn turn, long resume) {
            (plan == Plan.DIRECT ? checked() : this).flushEarly(kernel, turn, resume);
        }

        private ZapPte checked() {
            return new ZapPte(vma, table, address, limit, end, details, Plan.CHECKED);
        }

        private long start() {
            return Thp.start(limit - 1);
        }

        /** Clears the entry; returns whether the gather is full. */
        private boolean clear(Kernel kernel, Turn turn, Actor actor, long entry) {
            int mm = vma.mm();
            boolean guard = SwapEntry.guard(entry);
            if (entry == 0 || guard && !details.markers() || !guard && !details.cows() && !fromFile(kernel, entry)) {
                return false;
            }
            turn.perform(PageTables.Clear.pte(mm, table, address, null));
            if (!Entry.mapped(entry)) {
                return nonpresent(kernel, actor, entry);
            }
            kernel.gather().adjust(actor, address, Frames.PAGE_SIZE);
            long frame = Entry.frame(entry);
            if ((entry & Entry.SPECIAL) != 0) {
                return false;
            }
            boolean anonymous = kernel.frames().use(frame) == Use.ANONYMOUS;
            if (Entry.dirty(entry) && !anonymous) {
                kernel.folios().mark(frame, Folios.DIRTY);
                kernel.gather().force(actor);
            }
            if ((entry & Entry.ACCESSED) != 0 && !anonymous && !vma.has(Vma.SEQUENTIAL | Vma.RANDOM)) {
                kernel.lru().accessed(kernel.cpuOf(actor), frame);
            }
            kernel.frames().mapped(frame, -1);
            kernel.count(mm, Rss.of(kernel.frames(), frame, kernel.version()), -1);
            return kernel.gather().add(actor, frame, 0);
        }

        /** The page of an entry that is not present: in swap, or on its way to another frame. */
        private boolean nonpresent(Kernel kernel, Actor actor, long entry) {
            long offset = SwapEntry.offset(entry);
            if (SwapEntry.guard(entry)) {
                return false;
            }
            if (SwapEntry.migrating(entry)) {
                kernel.count(vma.mm(), Rss.of(kernel.frames(), SwapEntry.frame(entry), kernel.version()), -1);
                return false;
            }
            kernel.count(vma.mm(), Rss.SWAP, -1);
            long dropped = kernel.swap().drop(offset);
            return dropped != 0 && kernel.gather().add(actor, dropped, 0);
        }

        /** Whether an entry maps a page of the mapping's file: should_zap_page(). */
        private static boolean fromFile(Kernel kernel, long entry) {
            return Entry.mapped(entry) && !Rss.anonymous(kernel.frames().use(Entry.frame(entry)));
        }

        private long next(Kernel kernel, long from) {
            long at = from;
            while (at != limit && kernel.tables().entry(table, at, 1) == 0) {
                at += Frames.PAGE_SIZE;
            }
            return at;
        }

        /** Flush under the lock, free behind it, then go on where the walk was. */
        private void flushEarly(Kernel kernel, Turn turn, long resume) {
            goOn(turn, resume);
            turn.then(new GatherStep.TlbBatchPagesFlush(0));
            turn.then(new PageTableLock.Unlock(table));
            turn.perform(new GatherStep.TlbFlushMmuTlbonly(resume));
        }

        /** The rest of the table, then the table itself, then the rest of the range. */
        private void goOn(Turn turn, long resume) {
            if (address != limit && plan == Plan.CHECKED) {
                turn.then(new PageTableLock.Lock(table), this);
                return;
            }
            if (resume != end) {
                turn.then(new UnmapPageRange(vma, resume, end, details));
            }
            switch (plan) {
                case STAYS -> { }
                case DIRECT -> turn.then(new ReclaimPageTable.FreePte(vma.mm(), table, start()));
                case CHECKED -> turn.then(new ReclaimPageTable.TryToFreePte(vma.mm(), table, start()));
            }
        }
    }
}
