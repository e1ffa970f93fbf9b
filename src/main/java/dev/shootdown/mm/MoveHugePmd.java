package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/**
 * A large entry is cleared at its old place, under the locks of both tables, with the table that was kept for a split.
 *
 * @param old  the table of large entries that it is in
 * @param next the one that it goes to
 * @param at   its old address
 */
@Cites("mm/huge_memory.c: move_huge_pmd, 3.16-6.18")
record MoveHugePmd(MovePageTables.Move move, long old, long next, long at) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        long entry = kernel.thp().at(move.mm(), at);
        if (entry == 0) {
            unlock(turn, new MovePageTables.Extent(move, at));
            return;
        }
        kernel.thp().set(old, at, 0);
        PageTables.changed(kernel, turn, move.mm(), "clear", at, Thp.SIZE, null);
        turn.then(new Set(this, entry));
    }

    private void unlock(Turn turn, KernelStep then) {
        turn.then(new PageTableLock.Unlock(old), new RmapLock.WriteUnlock(move.vma()), then);
        if (next != old) {
            turn.then(new PageTableLock.Unlock(next));
        }
    }

    /** It is set at its new place; the old range is flushed under the locks where the version does so, else at the end. */
    @Cites("mm/huge_memory.c: move_huge_pmd, move_soft_dirty_pmd, 3.16-6.18")
    record Set(MoveHugePmd what, long entry) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            MovePageTables.Move move = what.move;
            long to = what.at + move.distance();
            kernel.thp().deposit(what.next, to, kernel.thp().withdraw(what.old, what.at));
            kernel.thp().set(what.next, to, entry | Entry.SOFT_DIRTY);
            PageTables.changed(kernel, turn, move.mm(), "set", to, Thp.SIZE, null);
            what.unlock(turn, new MovePageTables.Extent(move.withFlush(), what.at + Thp.SIZE));
            if (kernel.version().moveFlushesExtents()) {
                turn.then(SplitHugePmd.flush(kernel, move.mm(), what.at));
            }
        }
    }
}
