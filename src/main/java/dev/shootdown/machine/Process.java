package dev.shootdown.machine;

import dev.shootdown.mm.Kernel;
import dev.shootdown.sim.Actor;
import java.util.List;

/**
 * A process, by the name that the language gives it. Its address space comes and goes with it.
 *
 * @param name    {@code app}
 * @param threads its threads, the first one first
 */
public record Process(String name, List<Thread> threads) {
    /**
     * A thread.
     *
     * @param name  {@code app.main}
     * @param actor who takes its steps
     * @param cpu   where it runs
     */
    public record Thread(String name, Actor actor, int cpu) {}

    public Process {
        threads = List.copyOf(threads);
    }

    /** The number of its address space; 0 before a fork made it, and once it has exited. */
    public int mm(Kernel kernel) {
        return kernel.mm(name);
    }
}
