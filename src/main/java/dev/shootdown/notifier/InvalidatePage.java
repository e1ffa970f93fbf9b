package dev.shootdown.notifier;

import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Safety;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;

/** Tells of one page that has been unmapped; the caller still holds a reference of its frame. */
@Safety("no secondary TLB may keep the translation of a page that was unmapped")
@Cites("mm/mmu_notifier.c: __mmu_notifier_invalidate_page, 3.16-4.12")
public record InvalidatePage(int mm, long address) implements NotifierStep {
    @Override
    public void run(Notifier notifier, Turn turn) {
        if (notifier.active(mm)) {
            turn.emit(Kind.INVALIDATE_PAGE, () -> new Event.InvalidatePage(notifier.process(mm), address));
            notifier.tell(turn, CallbackName.PAGE, mm, address, address + Frames.PAGE_SIZE, false);
        }
    }
}
