package dev.shootdown.mm;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/** The process's threads are gone, and with them one user of its memory, which goes with the last one; nothing where it is gone already. */
@Cites("kernel/exit.c: exit_mm, 3.16-6.18")
public record Exit(int mm) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        if (kernel.alive(mm)) {
            kernel.cpus().unload(mm);
            turn.then(new Mmput(mm));
        }
    }
}
