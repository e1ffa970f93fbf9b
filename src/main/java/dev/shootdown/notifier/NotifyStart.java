package dev.shootdown.notifier;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Safety;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;

/**
 * Before translations of a range go. Where {@code blockable} is false a subscriber may refuse; the result is then
 * EAGAIN, everybody that has an end callback has got it, and the caller must not call {@link NotifyEnd}.
 */
@Safety("who keeps tables of his own must know before entries go")
@Cites("mm/mmu_notifier.c: __mmu_notifier_invalidate_range_start, 3.16-6.18")
public record NotifyStart(int mm, long start, long end, Reason reason, boolean blockable) implements NotifierStep {
    @Override
    public void run(Notifier notifier, Turn turn) {
        if (!notifier.active(mm)) {
            return;
        }
        String why = notifier.contract().hasReasons() ? reason.name() : null;
        turn.emit(Kind.NOTIFY_START, () -> new Event.NotifyStart(notifier.process(mm), start, end, why, blockable));
        if (!blockable) {
            turn.then(new EndRefused(mm, start, end));
        }
        notifier.tell(turn, CallbackName.START, mm, start, end, blockable);
        notifier.startIntervals(turn, mm, start, end, blockable);
    }
}
