package dev.shootdown.mm;

import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import dev.shootdown.vocabulary.Errno;
import dev.shootdown.vocabulary.Signal;

/**
 * The system call execve, as far as memory goes: first a new address space, whose number is the result, for
 * {@link ExecMmap} to change to. The new program's own mappings are not modelled: it is empty.
 *
 * @param process its name
 * @param mm      what it has by now
 */
@Cites("fs/exec.c: bprm_mm_init, mm_alloc, 3.16-6.18")
public record Exec(String process, int mm) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        if (!kernel.alive(mm)) {
            turn.signal(Signal.KILL, "the process is gone");
            return;
        }
        int next = kernel.another(process);
        long root = kernel.bear(next);
        if (root == 0) {
            turn.fail(Errno.ENOMEM, "there is no memory for a page table");
        } else {
            kernel.copyLimits(mm, next);
            turn.emit(Kind.TABLE_ALLOC, () -> new Event.TableAlloc(process, root, kernel.levels()));
            turn.result(next);
        }
    }

    /** The process's one thread changes to its new address space; the old one goes with its last user. */
    @Cites("fs/exec.c: exec_mmap, 3.16-6.18")
    public record ExecMmap(String process, int mm) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long next = turn.takeResult();
            if (Outcome.failed(next)) {
                turn.result(next);
                return;
            }
            int before = kernel.mm(process);
            boolean borrowed = kernel.lender(before) != 0;
            turn.then(borrowed ? new Vfork.Done(before) : new Mmput(mm));
            if (!borrowed) {
                kernel.cpus().unload(mm);
            }
            kernel.became(process, (int) next);
            Actor actor = turn.actor();
            int cpu = kernel.cpuOf(actor);
            if (cpu < kernel.cpus().count()) {
                kernel.thread(actor, (int) next, cpu);
                kernel.cpus().load(cpu, (int) next);
            }
        }
    }
}
