package dev.shootdown.lang.word;

import dev.shootdown.machine.Machine;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Turn;

/**
 * Who is asked, and on which machine: what a verb's arguments do not say.
 *
 * @param machine the machine
 * @param actor   who takes the steps
 * @param owner   the process, device or IOMMU that the actor belongs to; empty for the kernel
 */
public record Scene(Machine machine, Actor actor, String owner) {
    /** The address space of a thread that has exited; 0 is that of one not born yet. */
    static final int GONE = -1;

    /** The address space that the actor's thread runs in, be it its parent's; that of its process where it runs in none. */
    public int mm() {
        int space = machine.kernel().spaceOf(actor);
        return space > 0 ? space : own();
    }

    /** The number of the address space that is the process's own; a vforked child's is empty. */
    int own() {
        return machine.process(owner).mm(machine.kernel());
    }

    /** Whether the thread that the actor is runs. */
    public boolean alive() {
        return machine.kernel().spaceOf(actor) > 0;
    }

    /** Whether it has run, and has ended. */
    public boolean gone() {
        return machine.kernel().spaceOf(actor) == GONE;
    }

    /** Drops what a thread that has ended had still to do. */
    public static void end(Turn turn) {
        ThreadsEnd.end(turn);
    }
}
