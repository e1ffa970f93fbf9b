package dev.shootdown.notifier;

import dev.shootdown.sim.Cells;
import dev.shootdown.sim.World;

/**
 * The sequence of an address space with interval subscribers: odd while a range is being invalidated, another even
 * number afterwards. Who looks entries up to keep them snapshots it when it is even, and under his own lock asks
 * whether it is still the same: mm/mmu_notifier.c: mmu_interval_read_begin, mmu_interval_read_retry, 5.5-6.18. All
 * intervals are taken for the whole address space.
 */
public final class IntervalSequence {
    private static final int FIELDS = 1;
    /** What the kernel starts with, so that 0 in a cell is a fresh one. */
    private static final long FIRST = 2;

    private final Cells cells;

    IntervalSequence(World world) {
        this.cells = world.cells("notifier.sequence");
    }

    /** invalidate_seq. */
    public long value(int mm) {
        return cells.get((long) mm << FIELDS) + FIRST;
    }

    /** Whether a range is being invalidated, so that whoever would look entries up waits. */
    public boolean invalidating(int mm) {
        return (value(mm) & 1) != 0;
    }

    /** mn_itree_inv_start_range(): one range more. */
    void start(int mm) {
        cells.add((long) mm << FIELDS | 1, 1);
        cells.set((long) mm << FIELDS, cells.get((long) mm << FIELDS) | 1);
    }

    /** mn_itree_inv_end(): one range fewer; the last one lets the waiting go on. */
    void end(int mm) {
        long ranges = cells.get((long) mm << FIELDS | 1);
        if (ranges > 0) {
            cells.set((long) mm << FIELDS | 1, ranges - 1);
        }
        if (ranges == 1) {
            cells.add((long) mm << FIELDS, 1);
        }
    }

    void forget(int mm) {
        cells.set((long) mm << FIELDS, 0);
        cells.set((long) mm << FIELDS | 1, 0);
    }
}
