package dev.shootdown.memory;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/** A CPU takes one interrupt and drops what it was asked to, also while its thread waits for a lock. */
@Cites("kernel/smp.c: flush_smp_call_function_queue, arch/x86/mm/tlb.c: flush_tlb_func, 3.16-6.18")
public record ServeInterrupts(int cpu) implements Step {
    @Override
    public boolean ready(World world) {
        return world.part(Cpus.class).interrupted(cpu);
    }

    @Override
    public boolean idle() {
        return true;
    }

    @Override
    public void run(Turn turn) {
        turn.part(Cpus.class).serve(cpu);
        turn.then(this);
    }
}
