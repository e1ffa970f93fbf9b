package dev.shootdown.iommu;

import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cell;
import dev.shootdown.sim.World;

/**
 * A ring that an IOMMU fills and software reads: page requests, or faults. Each entry interrupts. One that finds no
 * room is lost, and where the log {@link Geometry.Shape#stops} nothing is written any more until software restarts it.
 */
public final class Log {
    private final Ring ring;
    private final Geometry.Shape shape;
    private final Interrupts interrupts;
    private final Interrupts.Cause cause;
    private final Cell overflow;
    private final Cell aborted;

    Log(World world, Frames frames, String name, int entries, Geometry.Shape shape, Interrupts interrupts, Interrupts.Cause cause) {
        this.ring = new Ring(world, frames, name, entries, shape.words());
        this.shape = shape;
        this.interrupts = interrupts;
        this.cause = cause;
        this.overflow = world.cell(name + ".overflow");
        this.aborted = world.cell(name + ".aborted");
    }

    public Ring ring() {
        return ring;
    }

    /** Writes an entry and interrupts; false if it was lost. */
    boolean write(Ring.Slot entry) {
        interrupts.raise(cause);
        if (!ring.inMemory()) {
            aborted.set(1);
            return false;
        }
        if (shape.stops() && (overflow.get() | aborted.get()) != 0) {
            return false;
        }
        if (!ring.room(shape.spare())) {
            overflow.set(1);
            return false;
        }
        ring.push(entry);
        return true;
    }

    /** Whether it has lost entries. */
    public boolean overflowed() {
        return overflow.get() != 0;
    }

    /** Whether an entry could not be written, its ring being in no memory, and software has not cleared that. */
    public boolean aborted() {
        return aborted.get() != 0;
    }

    /** Forgets that it has lost entries, so that it is written again. */
    public void restart() {
        overflow.set(0);
        aborted.set(0);
    }
}
