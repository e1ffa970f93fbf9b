package dev.shootdown.iommu;

import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cell;
import dev.shootdown.sim.World;

/**
 * A ring that an IOMMU fills and software reads: page requests, or faults. Each entry interrupts. One that finds no
 * room is lost, and nothing is written any more until software restarts the log.
 */
public final class Log {
    private static final int SPARE = 1;

    private final Ring ring;
    private final Interrupts interrupts;
    private final Interrupts.Cause cause;
    private final Cell overflow;

    Log(World world, Frames frames, String name, int entries, int words, Interrupts interrupts, Interrupts.Cause cause) {
        this.ring = new Ring(world, frames, name, entries, words);
        this.interrupts = interrupts;
        this.cause = cause;
        this.overflow = world.cell(name + ".overflow");
    }

    public Ring ring() {
        return ring;
    }

    /** Writes an entry and interrupts; false if it was lost. */
    boolean write(Ring.Slot entry) {
        interrupts.raise(cause);
        if (overflow.get() != 0 || !ring.room(SPARE)) {
            overflow.set(1);
            return false;
        }
        ring.push(entry);
        return true;
    }

    /** Whether it has lost entries and is not written any more. */
    public boolean overflowed() {
        return overflow.get() != 0;
    }

    /** Lets it be written again. */
    public void restart() {
        overflow.set(0);
    }
}
