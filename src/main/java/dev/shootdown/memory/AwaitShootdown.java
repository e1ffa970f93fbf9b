package dev.shootdown.memory;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Manner;
import dev.shootdown.sim.Safety;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/** Waits until every CPU that a slot has interrupted has dropped what it was asked to. */
@Safety(value = "no page may go before the other CPUs have forgotten it", manners = Manner.DROP)
@Cites("kernel/smp.c: smp_call_function_many, csd_lock_wait, 3.16-6.18")
public record AwaitShootdown(int slot) implements Step {
    @Override
    public boolean ready(World world) {
        return world.part(Cpus.class).served(slot);
    }

    @Override
    public void run(Turn turn) {
        // Nothing is left to do: having waited was all.
    }
}
