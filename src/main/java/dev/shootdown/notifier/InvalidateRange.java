package dev.shootdown.notifier;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Safety;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;

/** Tells secondary TLBs to drop a range, after the CPUs have and before its frames are freed. May be called under a spinlock. */
@Safety("no secondary TLB may keep a translation whose page is about to be freed")
@Cites("mm/mmu_notifier.c: __mmu_notifier_invalidate_range, 3.19-6.5; __mmu_notifier_arch_invalidate_secondary_tlbs, 6.6-6.18")
public record InvalidateRange(int mm, long start, long end) implements NotifierStep {
    @Override
    public void run(Notifier notifier, Turn turn) {
        if (notifier.active(mm)) {
            turn.emit(Kind.INVALIDATE_RANGE, () -> new Event.InvalidateRange(notifier.process(mm), start, end));
            notifier.tell(turn, CallbackName.RANGE, mm, start, end, false);
        }
    }
}
