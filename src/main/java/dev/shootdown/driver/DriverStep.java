package dev.shootdown.driver;

import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;

/** A step of a driver's. */
interface DriverStep extends Step {
    void run(Drivers drivers, Turn turn);

    @Override
    default void run(Turn turn) {
        run(turn.part(Drivers.class), turn);
    }
}
