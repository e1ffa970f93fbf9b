package dev.shootdown.notifier;

import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;

/** Asks whether a page was used. */
@Cites("mm/mmu_notifier.c: __mmu_notifier_test_young, 3.16-6.18")
public record TestYoung(int mm, long address) implements NotifierStep {
    @Override
    public void run(Notifier notifier, Turn turn) {
        if (notifier.active(mm)) {
            turn.emit(Kind.TEST_YOUNG, () -> new Event.TestYoung(notifier.process(mm), address));
            notifier.tell(turn, CallbackName.TEST_YOUNG, mm, address, address + Frames.PAGE_SIZE, false);
        }
    }
}
