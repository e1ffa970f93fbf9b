package dev.shootdown.notifier;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;

/** Asks whether a range was used, and forgets it, with a flush of who remembers. */
@Cites("mm/mmu_notifier.c: __mmu_notifier_clear_flush_young, 3.16-6.18")
public record ClearFlushYoung(int mm, long start, long end) implements NotifierStep {
    @Override
    public void run(Notifier notifier, Turn turn) {
        if (notifier.active(mm)) {
            turn.emit(Kind.CLEAR_FLUSH_YOUNG, () -> new Event.ClearFlushYoung(notifier.process(mm), start, end));
            notifier.tell(turn, CallbackName.CLEAR_FLUSH_YOUNG, mm, start, end, false);
        }
    }
}
