package dev.shootdown.mm;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import dev.shootdown.vocabulary.Errno;

/**
 * The system call vfork, as far as memory goes: a child without an address space of its own, which runs in its
 * parent's until it starts a program or exits. {@link Await} is the parent's wait for that.
 *
 * @param child a number that {@link Kernel#reserve} gave, under which nothing lives
 */
@Cites("kernel/fork.c: copy_mm with CLONE_VM, 3.16-6.18")
public record Vfork(int mm, int child) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        if (!kernel.alive(mm) || kernel.root(child) != 0 || kernel.lender(child) != 0) {
            turn.fail(Errno.EAGAIN, kernel.alive(mm) ? "a process of this name lives already" : "the process is gone");
        } else {
            kernel.get(mm);
            kernel.lender(child, mm);
            turn.result(child);
        }
    }

    /** The parent sleeps until its memory is its own again. */
    @Cites("kernel/fork.c: wait_for_vfork_done, 3.16-6.18")
    public record Await(int child) implements KernelStep {
        @Override
        public boolean ready(World world) {
            return world.part(Kernel.class).lender(child) == 0;
        }

        @Override
        public void run(Kernel kernel, Turn turn) {}
    }

    /** The child has exited, or has a memory of its own: the parent wakes, and its memory has one user fewer. */
    @Cites("kernel/fork.c: mm_release, complete_vfork_done, 3.16-6.18")
    public record Done(int child) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            int mm = kernel.lender(child);
            kernel.lender(child, 0);
            turn.then(new Mmput(mm));
        }
    }
}
