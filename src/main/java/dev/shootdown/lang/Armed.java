package dev.shootdown.lang;

import dev.shootdown.sim.Agenda;
import dev.shootdown.sim.Mutation;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;

/** A mutation that waits for the race to begin: what is above it happens as it should. */
final class Armed implements Mutation {
    private final Mutation mutation;
    private boolean on;

    Armed(Mutation mutation) {
        this.mutation = mutation;
    }

    /** The race begins. */
    void arm() {
        on = true;
    }

    @Override
    public Agenda put(Step step, Step by, Agenda rest) {
        return on ? mutation.put(step, by, rest) : new Agenda(step, rest);
    }

    @Override
    public boolean perform(Step part, Step by, Turn turn) {
        return on ? mutation.perform(part, by, turn) : turn.carryOut(part, true);
    }
}
