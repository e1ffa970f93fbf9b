package dev.shootdown.lang;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;

/**
 * What a call of a race gives back gets its name: between the call's last step and its return. One that failed gives none.
 *
 * @param call        its number in the {@link Program}
 * @param alternative which of its alternatives was taken
 */
@Cites("let x = ACTOR: verb ...: language, section 3")
record Naming(int call, int alternative) implements Step {
    @Override
    public void run(Turn turn) {
        Planned planned = turn.part(Program.class).call(call);
        long outcome = turn.takeResult();
        String remark = turn.takeRemark();
        turn.result(outcome);
        turn.remark(remark);
        planned.row().name().filter(name -> !Outcome.failed(outcome))
                .ifPresent(name -> name.set(planned.value(planned.alternatives().get(alternative), outcome, remark)));
    }
}
