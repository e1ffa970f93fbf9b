package dev.shootdown.lang.word;

import dev.shootdown.machine.Machine;
import dev.shootdown.machine.Process;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;

/** The threads of a process are gone: the one that takes this step does nothing more, the others find out. */
@Cites("kernel/exit.c: do_exit, do_group_exit, 3.16-6.18")
record ThreadsEnd(String process) implements Step {
    /** A step that nobody has on his agenda: unwinding to it drops everything. */
    private record Nowhere() implements Step {
        @Override
        public void run(Turn turn) {}
    }

    @Override
    public void run(Turn turn) {
        Machine machine = turn.part(ThisMachine.class).machine();
        for (Process.Thread thread : machine.process(process).threads()) {
            machine.kernel().thread(thread.actor(), Scene.GONE, thread.cpu());
        }
        end(turn);
    }

    static void end(Turn turn) {
        turn.takeResult();
        turn.takeRemark();
        turn.unwind(Nowhere.class);
    }
}
