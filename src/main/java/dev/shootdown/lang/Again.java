package dev.shootdown.lang;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import java.util.List;

/**
 * A block of one actor's, over and over.
 *
 * @param times how often it is still to be done
 */
@Cites("repeat N { }: language, section 4")
record Again(long times, List<Step> block) implements Step {
    Again {
        block = List.copyOf(block);
    }

    @Override
    public void run(Turn turn) {
        if (times > 1) {
            turn.then(new Again(times - 1, block));
        }
        if (times > 0) {
            turn.then(block);
        }
    }
}
