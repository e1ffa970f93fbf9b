package dev.shootdown.iommu;

import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cell;
import dev.shootdown.sim.Role;
import dev.shootdown.sim.World;

/** The command ring with what the hardware knows of it: whether it has stopped, and how much went through. */
final class CommandQueue {
    private final Ring ring;
    private final int spare;
    private final Cell stopped;
    private final Cell count;

    CommandQueue(World world, Frames frames, String name, int entries, Geometry.Shape shape) {
        this.ring = new Ring(world, frames, name + ".commands", entries, shape.words());
        this.spare = shape.spare();
        this.stopped = world.cell(name + ".stopped");
        this.count = world.cell(name + ".commands.count", Role.COUNTER);
    }

    Ring ring() {
        return ring;
    }

    Cell count() {
        return count;
    }

    boolean room() {
        return ring.room(spare);
    }

    boolean ready() {
        boolean runs = stopped.get() == 0;
        return ring.ready() & runs;
    }

    void push(Command command) {
        ring.push(command);
        count.add(1);
    }

    boolean stopped() {
        return stopped.get() != 0;
    }

    void stopped(boolean now) {
        stopped.set(now ? 1 : 0);
    }
}
