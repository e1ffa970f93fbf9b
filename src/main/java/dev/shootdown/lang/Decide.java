package dev.shootdown.lang;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import java.util.List;

/**
 * A decision in the row of an actor, taken when it comes to it.
 *
 * @param condition its number in the {@link Program}
 */
@Cites("if COND { } else { }: language, section 4")
record Decide(int condition, List<Step> then, List<Step> otherwise) implements Step {
    Decide {
        then = List.copyOf(then);
        otherwise = List.copyOf(otherwise);
    }

    @Override
    public void run(Turn turn) {
        Program program = turn.part(Program.class);
        if (program.stops() != null && program.stops().serve(turn, this)) {
            return;
        }
        turn.then(program.holds(condition) ? then : otherwise);
    }
}
