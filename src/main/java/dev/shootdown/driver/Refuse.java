package dev.shootdown.driver;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.vocabulary.Errno;

@Cites("mm/mmu_notifier.c: mn_hlist_invalidate_range_start, 5.15-6.18: a subscriber may answer -EAGAIN where the call may not block")
record Refuse() implements DriverStep {
    @Override
    public void run(Drivers drivers, Turn turn) {
        turn.fail(Errno.EAGAIN, "a subscriber refused a call that may not block");
    }
}
