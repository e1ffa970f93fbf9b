package dev.shootdown.lang;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import java.util.List;

/**
 * A free choice between blocks of one actor's.
 *
 * @param blocks the steps of each
 */
@Cites("either { } or { }: language, section 4")
record Choose(List<List<Step>> blocks) implements Step {
    Choose {
        blocks = blocks.stream().map(List::copyOf).toList();
    }

    @Override
    public int choices(World world) {
        return blocks.size();
    }

    @Override
    public void run(Turn turn) {
        turn.then(blocks.get(turn.choice()));
    }
}
