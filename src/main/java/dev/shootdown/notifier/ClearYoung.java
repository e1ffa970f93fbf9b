package dev.shootdown.notifier;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;

/** Asks whether a range was used, and forgets it, without a flush. */
@Cites("mm/mmu_notifier.c: __mmu_notifier_clear_young, 4.2-6.18")
public record ClearYoung(int mm, long start, long end) implements NotifierStep {
    @Override
    public void run(Notifier notifier, Turn turn) {
        if (notifier.active(mm)) {
            turn.emit(Kind.CLEAR_YOUNG, () -> new Event.ClearYoung(notifier.process(mm), start, end));
            notifier.tell(turn, CallbackName.CLEAR_YOUNG, mm, start, end, false);
        }
    }
}
