package dev.shootdown.notifier;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Turn;

/**
 * After an interval subscription has been told of a range that may not block: if it refused, nobody else is told, the range
 * is over, and the caller must not end it again.
 */
@Cites("mm/mmu_notifier.c: mn_itree_invalidate, 5.5-6.18")
record IntervalRefused(int mm) implements NotifierStep {
    @Override
    public void run(Notifier notifier, Turn turn) {
        if (Outcome.failed(turn.takeResult())) {
            turn.takeRemark();
            turn.unwindPast(EndRefused.class);
            turn.then(new EndRefused.Refused());
            notifier.endIntervals(mm);
        }
    }
}
