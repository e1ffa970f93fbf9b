package dev.shootdown.check;

import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Role;

/** The checkers of one machine. */
public final class Checkers {
    private final Engine engine;
    private final Cells latches;

    public Checkers(Engine engine) {
        this.engine = engine;
        this.latches = engine.world().cells("check.latches", Role.STATE, 0);
        engine.world().install(this);
    }

    /** Whether it was violated, in this run, up to now. */
    public boolean happened(Check check) {
        return latches.get(check.ordinal()) != 0;
    }

    /** To be called where nobody can move any more: what can only be told at an end. */
    public void end() {
        if (engine.deadlocked()) {
            latches.set(Check.DEADLOCK.ordinal(), 1);
        }
    }

    /** To be called where a run is back where it was. */
    public void cycle() {
        latches.set(Check.LIVELOCK.ordinal(), 1);
    }
}
