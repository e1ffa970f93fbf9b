package dev.shootdown.driver;

import dev.shootdown.notifier.Notifier;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/** The subscription remembers the sequence, which is odd while it is told. */
@Cites("include/linux/mmu_notifier.h: mmu_interval_set_seq, 5.5-6.18")
record SetSeq(int binding) implements DriverStep {
    @Override
    public void run(Drivers drivers, Turn turn) {
        turn.part(Notifier.class).sequence().remember(drivers.get(binding).mm(), binding);
    }
}
