package dev.shootdown.driver;

import dev.shootdown.notifier.IntervalSequence;
import dev.shootdown.notifier.Notifier;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/**
 * What a fault worker has found out about the fault of a binding that it is serving: one at a time, since the requests of an
 * IOMMU are served one after the other. All of it is gone when the fault is.
 */
final class Faults {
    private static final int FIELDS = 2;
    private static final int ACCESS = 0;
    private static final int SNAPSHOT = 1;
    private static final int FOUND = 2;
    private static final int BORN = 3;
    /** In the place of a translation: the process has none to give. */
    private static final long REFUSED = -1;

    private final Cells cells;

    Faults(World world) {
        this.cells = world.cells("driver.fault");
    }

    private long get(int binding, int field) {
        return cells.get((long) binding << FIELDS | field);
    }

    private void set(int binding, int field, long value) {
        cells.set((long) binding << FIELDS | field, value);
    }

    /** A fault is looked at, for the first time or again: what was found out before is forgotten, but for the snapshot. */
    void begin(int binding, int access) {
        set(binding, ACCESS, access);
        set(binding, FOUND, 0);
        set(binding, BORN, 0);
    }

    /** It has been served. */
    void end(int binding) {
        begin(binding, 0);
        set(binding, SNAPSHOT, 0);
    }

    /** What the device wants: permissions of a translation. */
    int access(int binding) {
        return (int) get(binding, ACCESS);
    }

    // ---------------------------------------------------------------- the sequence

    void snapshot(int binding, long sequence) {
        set(binding, SNAPSHOT, sequence);
    }

    long snapshot(int binding) {
        return get(binding, SNAPSHOT);
    }

    /** mmu_interval_read_retry(): whether the subscription was told of something since. */
    boolean changed(Turn turn, int binding) {
        IntervalSequence sequence = turn.part(Notifier.class).sequence();
        return sequence.remembered(turn.part(Drivers.class).get(binding).mm(), binding) != snapshot(binding);
    }

    // ---------------------------------------------------------------- what was found

    /** The process's page table has this, of a frame of this generation. */
    void found(int binding, long translation, long born) {
        set(binding, FOUND, translation);
        set(binding, BORN, born);
    }

    /** The process has no such page. */
    void refuse(int binding) {
        set(binding, FOUND, REFUSED);
    }

    boolean refused(int binding) {
        return get(binding, FOUND) == REFUSED;
    }

    /** The translation that was found, or 0. */
    long found(int binding) {
        return refused(binding) ? 0 : get(binding, FOUND);
    }

    long born(int binding) {
        return get(binding, BORN);
    }
}
