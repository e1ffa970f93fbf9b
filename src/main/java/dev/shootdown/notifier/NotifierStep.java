package dev.shootdown.notifier;

import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;

/** A step that works on the {@link Notifier}. */
interface NotifierStep extends Step {
    void run(Notifier notifier, Turn turn);

    @Override
    default void run(Turn turn) {
        run(turn.part(Notifier.class), turn);
    }
}
