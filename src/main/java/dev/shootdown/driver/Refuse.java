package dev.shootdown.driver;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.vocabulary.Errno;

@Cites("mm/mmu_notifier.c: mn_hlist_invalidate_range_start, 5.15-6.18: -EAGAIN where the call may not block; elsewhere warned of and taken for 0")
record Refuse(boolean blockable) implements DriverStep {
    @Override
    public void run(Drivers drivers, Turn turn) {
        if (!blockable) {
            turn.fail(Errno.EAGAIN, "a subscriber refused a call that may not block");
        }
    }
}
