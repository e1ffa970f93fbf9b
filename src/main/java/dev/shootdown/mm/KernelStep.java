package dev.shootdown.mm;

import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/** A step that works on the {@link Kernel}. */
interface KernelStep extends Step {
    void run(Kernel kernel, Turn turn);

    @Override
    default void run(Turn turn) {
        run(turn.part(Kernel.class), turn);
    }

    /** Whether it may run now; see {@link Step#ready}. */
    default boolean ready(Kernel kernel) {
        return true;
    }

    @Override
    default boolean ready(World world) {
        return ready(world.part(Kernel.class));
    }
}
