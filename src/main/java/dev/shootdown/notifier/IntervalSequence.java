package dev.shootdown.notifier;

import dev.shootdown.sim.Cells;
import dev.shootdown.sim.World;

/**
 * The sequence of an address space with interval subscriptions: odd while a range that one of them is about is being
 * invalidated, another even number afterwards. Each subscription remembers the number at which it was last told
 * (mmu_interval_set_seq). Who looks entries up to keep them snapshots that, waits until the sequence is another, and asks
 * under his own lock whether the subscription still remembers the same: mm/mmu_notifier.c: mmu_interval_read_begin,
 * mmu_interval_read_retry, 5.5-6.18.
 */
public final class IntervalSequence {
    private static final int FIELDS = 1;
    private static final int SUBSCRIPTIONS = 16;
    /** What the kernel starts with, so that 0 in a cell is a fresh one. */
    private static final long FIRST = 2;

    private final Cells cells;
    /** What each subscription remembers, the same way: 0 in a cell is one that was made before anything happened. */
    private final Cells remembered;

    IntervalSequence(World world) {
        this.cells = world.cells("notifier.sequence");
        this.remembered = world.cells("notifier.interval_seq");
    }

    /** invalidate_seq. */
    public long value(int mm) {
        return cells.get((long) mm << FIELDS) + FIRST;
    }

    /** Whether a range is being invalidated that somebody is told of, so that whoever would look entries up waits. */
    public boolean invalidating(int mm) {
        return (value(mm) & 1) != 0;
    }

    /** active_invalidate_ranges: those too that no subscription is about. */
    public long ranges(int mm) {
        return cells.get((long) mm << FIELDS | 1);
    }

    /** interval_sub->invalidate_seq. */
    public long remembered(int mm, int subscription) {
        return remembered.get(place(mm, subscription)) + FIRST - 1;
    }

    /** mmu_interval_set_seq(): what is odd as long as the range is being invalidated that the subscription is told of. */
    public void remember(int mm, int subscription) {
        remembered.set(place(mm, subscription), value(mm) - FIRST + 1);
    }

    private static long place(int mm, int subscription) {
        return (long) mm << SUBSCRIPTIONS | subscription;
    }

    /** A subscription begins: in the middle of a range it has to wait for its end, otherwise it is as if told of the last one. */
    void insert(int mm, int subscription) {
        if (ranges(mm) > 0) {
            odd(mm);
            remember(mm, subscription);
        } else {
            remembered.set(place(mm, subscription), value(mm) - FIRST);
        }
    }

    void remove(int mm, int subscription) {
        remembered.set(place(mm, subscription), 0);
    }

    /** mn_itree_inv_start_range(): one range more. @param told whether a subscription is about it */
    void start(int mm, boolean told) {
        cells.add((long) mm << FIELDS | 1, 1);
        if (told) {
            odd(mm);
        }
    }

    private void odd(int mm) {
        cells.set((long) mm << FIELDS, cells.get((long) mm << FIELDS) | 1);
    }

    /** mn_itree_inv_end(): one range fewer; behind the last one the waiting go on. True if they do. */
    boolean end(int mm) {
        long ranges = ranges(mm);
        if (ranges > 0) {
            cells.set((long) mm << FIELDS | 1, ranges - 1);
        }
        boolean last = ranges == 1 && invalidating(mm);
        if (last) {
            cells.add((long) mm << FIELDS, 1);
        }
        return last;
    }

    void forget(int mm) {
        cells.set((long) mm << FIELDS, 0);
        cells.set((long) mm << FIELDS | 1, 0);
    }
}
