package dev.shootdown.lang.word;

import dev.shootdown.machine.Machine;
import dev.shootdown.machine.Process;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;

/** A forked or vforked process's thread begins to run, if the fork succeeded. The result of the fork stays what it is. */
@Cites("kernel/fork.c: wake_up_new_task, 3.16-6.18")
record ThreadStarts(String process) implements Step {
    @Override
    public void run(Turn turn) {
        Machine machine = turn.part(ThisMachine.class).machine();
        Process born = machine.process(process);
        int own = born.mm(machine.kernel());
        int lender = machine.kernel().lender(own);
        int mm = lender == 0 ? own : lender;
        if (machine.kernel().alive(mm)) {
            born.threads().forEach(thread -> machine.kernel().thread(thread.actor(), mm, thread.cpu()));
        }
    }
}
