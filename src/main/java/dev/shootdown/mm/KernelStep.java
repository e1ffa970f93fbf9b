package dev.shootdown.mm;

import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;

/** A step that works on the {@link Kernel}. */
interface KernelStep extends Step {
    void run(Kernel kernel, Turn turn);

    @Override
    default void run(Turn turn) {
        run(turn.part(Kernel.class), turn);
    }
}
