package dev.shootdown.notifier;

import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;

/** Tells of one page that is about to be mapped to another frame, after the old one has been flushed. */
@Cites("mm/mmu_notifier.c: __mmu_notifier_change_pte, 3.16-6.6")
public record ChangePte(int mm, long address) implements NotifierStep {
    @Override
    public void run(Notifier notifier, Turn turn) {
        if (notifier.active(mm)) {
            turn.emit(Kind.CHANGE_PTE, () -> new Event.ChangePte(notifier.process(mm), address));
            notifier.tell(turn, CallbackName.CHANGE_PTE, mm, address, address + Frames.PAGE_SIZE, false);
        }
    }
}
