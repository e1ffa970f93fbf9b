package dev.shootdown.lang.word;

import dev.shootdown.machine.Machine;
import dev.shootdown.machine.Process;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;

/** The threads of a process are told to end, all but the one that takes this step; they find out. Nothing where the step before failed. */
@Cites("fs/exec.c: de_thread; kernel/signal.c: zap_process_threads, complete_signal, 3.16-6.18")
record OtherThreadsEnd(String process) implements Step {
    @Override
    public void run(Turn turn) {
        if (Outcome.failed(turn.actor().result())) {
            return;
        }
        Machine machine = turn.part(ThisMachine.class).machine();
        for (Process.Thread thread : machine.process(process).threads()) {
            if (thread.actor() != turn.actor() && machine.kernel().spaceOf(thread.actor()) > 0) {
                machine.kernel().thread(thread.actor(), Scene.GONE, thread.cpu());
            }
        }
    }
}
