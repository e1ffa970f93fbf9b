package dev.shootdown.lang.word;

import dev.shootdown.machine.Machine;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;

/** A thread ends, and others of its process go on: its CPU no longer has the address space loaded. */
@Cites("kernel/exit.c: do_exit, exit_mm, 3.16-6.18")
record ThreadEnds() implements Step {
    @Override
    public void run(Turn turn) {
        Machine machine = turn.part(ThisMachine.class).machine();
        int cpu = machine.kernel().cpuOf(turn.actor());
        machine.kernel().cpus().load(cpu, 0);
        machine.kernel().thread(turn.actor(), Scene.GONE, cpu);
        ThreadsEnd.end(turn);
    }
}
