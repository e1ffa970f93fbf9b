package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.notifier.NotifyEnd;
import dev.shootdown.notifier.NotifyStart;
import dev.shootdown.notifier.Reason;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import java.util.ArrayList;
import java.util.List;

/**
 * Moves the entries of a range to another place in the same address space: table by table where both places allow it,
 * else entry by entry. Only the old range is notified, since nothing was in the new one.
 */
sealed interface MovePageTables extends KernelStep {
    /** How much older kernels move before they let go of the locks: LATENCY_LIMIT. */
    long LATENCY_LIMIT = 64 * Frames.PAGE_SIZE;

    /**
     * Opens the range.
     *
     * @param from   where the entries are
     * @param to     where they go, from - to being a multiple of the page size
     * @param length in bytes
     */
    @Cites("mm/mremap.c: move_page_tables, 3.16-6.18")
    record Begin(int mm, long from, long to, long length) implements MovePageTables {
        @Override
        public void run(Kernel kernel, Turn turn) {
            if (length == 0 && kernel.version().moveOfNothingIsSilent()) {
                return;
            }
            if (kernel.vmas().at(mm, from).has(Vma.HUGETLB)) {
                turn.then(new HugetlbRange.Move(kernel.vmas().at(mm, from), from, to, length));
                return;
            }
            long start = realigned(kernel) ? from & -Entry.span(2) : from;
            long end = from + length;
            turn.then(
                    new NotifyStart(mm, start, end, Reason.UNMAP, true),
                    new Extent(new Move(kernel.vmas().at(mm, from), to - from, start, end, false), start),
                    new NotifyEnd(mm, start, end, Reason.UNMAP, true, false));
        }

        /** Whether the start goes down to a table's edge, so that whole tables can move: nothing else may be in them. */
        private boolean realigned(Kernel kernel) {
            long within = from & Entry.span(2) - 1;
            return kernel.version().moveRealigns()
                    && within != 0
                    && (to & Entry.span(2) - 1) == within
                    && length >= Entry.span(2) - within
                    && alone(kernel, from) && alone(kernel, to);
        }

        private boolean alone(Kernel kernel, long address) {
            Vma vma = kernel.vmas().at(mm, address);
            return vma != null && vma.start() == address
                    && kernel.vmas().overlapping(mm, address & -Entry.span(2), address).isEmpty();
        }
    }

    /**
     * What is moved.
     *
     * @param vma      that the entries belong to: who walks the reverse mapping must not find them at neither place
     * @param distance from an old address to the new one
     * @param start    of the old range
     * @param end      of the old range
     * @param flush    whether there is something to flush at the end, on kernels that flush there
     */
    record Move(Vma vma, long distance, long start, long end, boolean flush) {
        /** How far one step of the walk goes: to the next edge of a table of either side, or the end. */
        long extent(long at, int level) {
            return Math.min(end - at, Math.min(untilEdge(at, level), untilEdge(at + distance, level)));
        }

        private static long untilEdge(long address, int level) {
            return Entry.span(level) - (address & Entry.span(level) - 1);
        }

        Move withFlush() {
            return new Move(vma, distance, start, end, true);
        }

        int mm() {
            return vma.mm();
        }
    }

    /** Finds the next stretch with a page table, and moves it: as a table, or by its entries. */
    @Cites("mm/mremap.c: move_page_tables, get_extent, 3.16-6.18")
    record Extent(Move move, long at) implements MovePageTables {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long next = kernel.version().movesTables() ? nextOfTables(kernel, turn) : next(kernel, at, move.end, 1);
            if (next == move.end) {
                end(kernel, turn);
            } else if (next >= 0 && kernel.thp().at(move.mm(), next) != 0) {
                huge(kernel, turn, next);
            } else if (next >= 0) {
                entries(kernel, turn, next);
            }
        }

        /** A huge page moves as one where both places allow it, else it is split. */
        private void huge(Kernel kernel, Turn turn, long from) {
            int missing = PageTables.missing(kernel, move.mm(), from + move.distance);
            if (missing > 1) {
                populate(turn, from, 2);
                return;
            }
            boolean free = missing == 1 && kernel.thp().at(move.mm(), from + move.distance) == 0;
            if (free && move.extent(from, 2) == Thp.SIZE) {
                long old = kernel.thp().table(move.mm(), from);
                long next = kernel.thp().table(move.mm(), from + move.distance);
                turn.then(locked(old, next, new MoveHugePmd(move, old, next, from)));
            } else {
                turn.then(new SplitHugePmd.Split(move.mm(), from), new Extent(move, from));
            }
        }

        private long next(Kernel kernel, long from, long to, int level) {
            return PageTables.nextTable(kernel, move.mm(), from, to, level);
        }

        /** Moves a table if it can; -1 then. Else the first address whose entries are to be moved one by one. */
        private long nextOfTables(Kernel kernel, Turn turn) {
            long from = next(kernel, at, move.end, 2);
            while (from != move.end) {
                if (move.extent(from, 3) == Entry.span(3) && table(kernel, turn, from, 2)) {
                    return -1;
                }
                long limit = Math.min((from | Entry.span(3) - 1) + 1, move.end);
                long lowest = next(kernel, from, limit, 1);
                if (lowest != limit) {
                    if (kernel.thp().at(move.mm(), lowest) != 0) {
                        return lowest;
                    }
                    boolean moved = move.extent(lowest, 2) == Entry.span(2) && table(kernel, turn, lowest, 1);
                    return moved ? -1 : lowest;
                }
                from = limit == move.end ? limit : next(kernel, limit, move.end, 2);
            }
            return from;
        }

        /** Moves a table of this level, or makes room for it first; false if the new place has one already. */
        private boolean table(Kernel kernel, Turn turn, long from, int level) {
            int missing = PageTables.missing(kernel, move.mm(), from + move.distance);
            if (missing < level) {
                return false;
            }
            if (missing > level) {
                populate(turn, from, level + 1);
                return true;
            }
            long old = parent(kernel, from, level);
            long next = parent(kernel, from + move.distance, level);
            turn.then(locked(old, next, new ClearTable(move, old, next, from, level)));
            return true;
        }

        private long parent(Kernel kernel, long address, int level) {
            return kernel.tables().table(kernel.root(move.mm()), kernel.levels(), address, level + 1);
        }

        private void populate(Turn turn, long from, int lowest) {
            turn.takeResult();
            turn.then(new PageTables.Populate(move.mm(), from + move.distance, lowest), new Populated(move, from));
        }

        private void entries(Kernel kernel, Turn turn, long from) {
            if (PageTables.missing(kernel, move.mm(), from + move.distance) != 0) {
                populate(turn, from, 1);
                return;
            }
            long extent = move.extent(from, 2);
            long limit = from + (kernel.version().moveFlushesExtents() && kernel.version().movesTables() ? extent : Math.min(extent, LATENCY_LIMIT));
            long old = kernel.pteTable(move.mm(), from);
            long next = kernel.pteTable(move.mm(), from + move.distance);
            turn.then(locked(old, next, new ClearPte(move, old, next, from, from, limit, false)));
        }

        private List<Step> locked(long old, long next, Step step) {
            List<Step> steps = new ArrayList<>();
            // Kernels leave these locks out where the order of a walk makes up for it; the model has another order.
            steps.add(new RmapLock.Write(move.vma));
            steps.add(new PageTableLock.Lock(old));
            if (next != old) {
                steps.add(new PageTableLock.Lock(next));
            }
            steps.add(step);
            return steps;
        }

        /** Older kernels flush all of the old range once, behind the locks. */
        private void end(Kernel kernel, Turn turn) {
            if (move.flush && !kernel.version().moveFlushesExtents()) {
                turn.then(new CpuFlush.FlushTlbMmRange(move.mm(), move.start, move.end, false));
            }
        }
    }

    /** There is a table at the new place; or there is no memory for one, and the move ends early. */
    @Cites("mm/mremap.c: alloc_new_pmd, 3.16-6.18, alloc_new_pud, 6.1-6.18")
    record Populated(Move move, long at) implements MovePageTables {
        @Override
        public void run(Kernel kernel, Turn turn) {
            boolean failed = Outcome.failed(turn.takeResult());
            turn.takeRemark();
            turn.then(failed ? new Extent(move, move.end) : new Extent(move, at));
        }
    }

    /** The old entry that points to a table is cleared, under the locks of both tables above. */
    @Cites("mm/mremap.c: move_normal_pmd, move_normal_pud, 6.1-6.18")
    record ClearTable(Move move, long old, long next, long at, int level) implements MovePageTables {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long entry = kernel.tables().entry(old, at, level + 1);
            turn.then(new SetTable(move, old, next, at, level, entry));
            turn.perform(new PageTables.Clear(move.mm(), old, at, level + 1, 0, "clear", null));
        }
    }

    /** The new entry points to the table; then the old range of it is flushed, walks through the old entry too. */
    @Cites("mm/mremap.c: move_normal_pmd, move_normal_pud, 6.1-6.18")
    record SetTable(Move move, long old, long next, long at, int level, long entry) implements MovePageTables {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long size = Entry.span(level + 1);
            kernel.tables().entry(next, at + move.distance, level + 1, entry);
            PageTables.changed(kernel, turn, move.mm(), "set", at + move.distance, size, null);
            turn.then(
                    new CpuFlush.FlushTlbMmRange(move.mm(), at, at + size, true),
                    new PageTableLock.Unlock(next),
                    new PageTableLock.Unlock(old),
                    new RmapLock.WriteUnlock(move.vma),
                    new Extent(move, at + size));
        }
    }

    /**
     * One entry is cleared at its old place, under the locks of both tables.
     *
     * @param start   of the extent
     * @param limit   its end
     * @param present whether a present entry was moved, so that there is something to flush
     */
    @Cites("mm/mremap.c: move_ptes, 3.16-6.18")
    record ClearPte(Move move, long old, long next, long start, long at, long limit, boolean present) implements MovePageTables {
        @Override
        public void run(Kernel kernel, Turn turn) {
            if (kernel.unmapBatch().pending(move.mm())) {
                turn.then(this);
                kernel.unmapBatch().flushPending(turn, move.mm());
                return;
            }
            long from = at;
            while (from != limit && kernel.tables().entry(old, from, 1) == 0) {
                from += Frames.PAGE_SIZE;
            }
            if (from == limit) {
                end(kernel, turn);
                return;
            }
            long entry = kernel.tables().entry(old, from, 1);
            boolean flush = present || Entry.mapped(entry);
            turn.then(new SetPte(new ClearPte(move, old, next, start, from + Frames.PAGE_SIZE, limit, flush), entry));
            turn.perform(PageTables.Clear.pte(move.mm(), old, from, null));
        }

        private void end(Kernel kernel, Turn turn) {
            turn.then(new PageTableLock.Unlock(old), new RmapLock.WriteUnlock(move.vma), new Extent(move.withFlush(), limit));
            if (next != old) {
                turn.then(new PageTableLock.Unlock(next));
            }
            if (present && kernel.version().moveFlushesExtents()) {
                turn.then(new CpuFlush.FlushTlbMmRange(move.mm(), start, limit, kernel.version().wholeFlushSaysTables()));
            }
        }
    }

    /** The entry is set at its new place, marked as changed for whoever follows soft-dirty bits. */
    @Cites("mm/mremap.c: move_ptes, move_soft_dirty_pte, 3.16-6.18")
    record SetPte(ClearPte goOn, long entry) implements MovePageTables {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long address = goOn.at - Frames.PAGE_SIZE + goOn.move.distance;
            kernel.tables().entry(goOn.next, address, 1, Entry.mapped(entry) ? entry | Entry.SOFT_DIRTY : entry);
            PageTables.changed(kernel, turn, goOn.move.mm(), "set", address, Frames.PAGE_SIZE, null);
            turn.then(goOn);
        }
    }
}
