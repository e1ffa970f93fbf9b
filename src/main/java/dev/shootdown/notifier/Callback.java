package dev.shootdown.notifier;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;

/** One subscriber is told, if it still is one; what it does about it comes next. */
@Cites("mm/mmu_notifier.c: the calls of subscription->ops, 3.16-6.18")
record Callback(Subscriber subscriber, CallbackName callback, int mm, long start, long end, boolean blockable) implements NotifierStep {
    @Override
    public void run(Notifier notifier, Turn turn) {
        if (!notifier.subscribers(mm).contains(subscriber)) {
            return;
        }
        turn.emit(Kind.CALLBACK, () -> event(notifier));
        turn.then(subscriber.on(turn, callback, mm, start, end, blockable));
    }

    private Event event(Notifier notifier) {
        String process = notifier.process(mm);
        return switch (callback) {
            case PAGE, CHANGE_PTE, TEST_YOUNG -> new Event.Callback(process, subscriber.driver(), callback.word(), null, null, start);
            case RELEASE -> new Event.Callback(process, subscriber.driver(), callback.word(), null, null, null);
            case START, END, RANGE, CLEAR_FLUSH_YOUNG, CLEAR_YOUNG, INVALIDATE, FAULT ->
                    new Event.Callback(process, subscriber.driver(), callback.word(), start, end, null);
        };
    }
}
