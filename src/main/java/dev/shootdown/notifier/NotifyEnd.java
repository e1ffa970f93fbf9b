package dev.shootdown.notifier;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Safety;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;

/**
 * After the entries of a range were changed; frames may or may not have been freed by then.
 *
 * @param onlyEnd the range callback was called already where the new entry was set, so that end need not (4.15-6.5)
 */
@Safety("who works with less meanwhile may go on only when all is done")
@Cites("mm/mmu_notifier.c: __mmu_notifier_invalidate_range_end, 3.16-6.18")
public record NotifyEnd(int mm, long start, long end, Reason reason, boolean blockable, boolean onlyEnd) implements NotifierStep {
    @Override
    public void run(Notifier notifier, Turn turn) {
        if (!notifier.active(mm)) {
            return;
        }
        Contract contract = notifier.contract();
        String why = contract.hasReasons() ? reason.name() : null;
        boolean only = onlyEnd && contract.onlyEndExists();
        turn.emit(Kind.NOTIFY_END, () -> new Event.NotifyEnd(notifier.process(mm), start, end, why, blockable, only));
        notifier.endIntervals(mm);
        notifier.tellEnd(turn, mm, start, end, blockable, onlyEnd);
    }
}
