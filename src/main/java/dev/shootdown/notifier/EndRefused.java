package dev.shootdown.notifier;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Turn;
import dev.shootdown.vocabulary.Errno;

/**
 * After a start that may not block: if somebody on the list refused, those that were told of a start are told of its end.
 * What intervals count is not: their range stays open, as nobody calls mn_itree_inv_end then.
 */
@Cites("mm/mmu_notifier.c: mn_hlist_invalidate_range_start, __mmu_notifier_invalidate_range_start, 5.10-6.18")
record EndRefused(int mm, long start, long end) implements NotifierStep {
    @Override
    public void run(Notifier notifier, Turn turn) {
        if (Outcome.failed(turn.takeResult())) {
            turn.then(new Refused());
            notifier.tell(turn, CallbackName.END, mm, start, end, false);
        }
    }

    /** Leaves the refusal for the caller. */
    @Cites("mm/mmu_notifier.c: mn_hlist_invalidate_range_start, 5.10-6.18")
    record Refused() implements NotifierStep {
        @Override
        public void run(Notifier notifier, Turn turn) {
            turn.fail(Errno.EAGAIN, "a subscriber may not block here and has to");
        }
    }
}
