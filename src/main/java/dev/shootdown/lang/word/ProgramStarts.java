package dev.shootdown.lang.word;

import dev.shootdown.machine.Call;
import dev.shootdown.machine.Outcomes;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;

/** The new program runs: the call that started it does not come back. Where it failed, it does. */
@Cites("fs/exec.c: begin_new_exec, start_thread, 3.16-6.18")
record ProgramStarts() implements Step {
    @Override
    public void run(Turn turn) {
        if (!Outcome.failed(turn.actor().result())) {
            turn.takeResult();
            turn.takeRemark();
            turn.part(Outcomes.class).note(turn.actor(), 0, null);
            turn.unwindPast(Call.Return.class);
        }
    }
}
