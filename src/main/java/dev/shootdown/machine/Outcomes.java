package dev.shootdown.machine;

import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Role;
import dev.shootdown.sim.Table;
import dev.shootdown.sim.World;

/** How each actor's last call ended, for the language to read between two steps. No part of the machine's state. */
public final class Outcomes {
    private final Table<Integer, Long> outcomes;
    private final Table<Integer, String> remarks;

    Outcomes(World world) {
        this.outcomes = world.table("call.outcomes", Role.REMARK);
        this.remarks = world.table("call.remarks", Role.REMARK);
        world.install(this);
    }

    /** Keeps how an actor's call ended. */
    public void note(Actor actor, long outcome, String remark) {
        outcomes.put(actor.number(), outcome);
        remarks.put(actor.number(), remark);
    }

    /** The outcome of the actor's last call, as {@link dev.shootdown.sim.Outcome} reads it; 0 before any. */
    public long last(Actor actor) {
        Long outcome = outcomes.get(actor.number());
        return outcome == null ? 0 : outcome;
    }

    /** The rule that the actor's last call broke, or what it read; or null. */
    public String remark(Actor actor) {
        return remarks.get(actor.number());
    }
}
