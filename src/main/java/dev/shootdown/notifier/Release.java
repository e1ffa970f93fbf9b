package dev.shootdown.notifier;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Safety;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;

/** The address space goes: everybody is told, then nobody subscribes any more. The hooks stay on. */
@Safety("nobody may go on using an address space that goes")
@Cites("mm/mmu_notifier.c: __mmu_notifier_release, 3.16-6.18")
public record Release(int mm) implements NotifierStep {
    @Override
    public void run(Notifier notifier, Turn turn) {
        if (notifier.active(mm)) {
            turn.emit(Kind.RELEASE, () -> new Event.Release(notifier.process(mm)));
            turn.then(new EmptyList(mm));
            notifier.tell(turn, CallbackName.RELEASE, mm, 0, -1, true);
            notifier.releaseIntervals(turn, mm);
        }
    }

    /** The range of everything that interval subscriptions were told of is over. */
    @Cites("mm/mmu_notifier.c: mn_itree_release, 5.5-6.18")
    record EndIntervals(int mm) implements NotifierStep {
        @Override
        public void run(Notifier notifier, Turn turn) {
            notifier.endIntervals(mm);
        }
    }

    /** The list is empty from here on. */
    @Cites("mm/mmu_notifier.c: mn_hlist_release, 3.16-6.18")
    record EmptyList(int mm) implements NotifierStep {
        @Override
        public void run(Notifier notifier, Turn turn) {
            notifier.unsubscribeAll(mm);
        }
    }
}
