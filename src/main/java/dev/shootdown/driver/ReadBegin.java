package dev.shootdown.driver;

import dev.shootdown.notifier.IntervalSequence;
import dev.shootdown.notifier.Notifier;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/** Notes when the subscription was last told of something, and waits if that is not over. */
@Cites("mm/mmu_notifier.c: mmu_interval_read_begin, 5.5-6.18")
record ReadBegin(int binding) implements DriverStep {
    @Override
    public void run(Drivers drivers, Turn turn) {
        IntervalSequence sequence = turn.part(Notifier.class).sequence();
        int mm = drivers.get(binding).mm();
        drivers.faults().snapshot(binding, sequence.remembered(mm, binding));
        if (sequence.value(mm) == sequence.remembered(mm, binding)) {
            turn.then(new Await(binding));
        }
    }

    /** Waits until the sequence is another. */
    @Cites("mm/mmu_notifier.c: mmu_interval_read_begin, wait_event, 5.5-6.18")
    record Await(int binding) implements DriverStep {
        @Override
        public boolean ready(World world) {
            Drivers drivers = world.part(Drivers.class);
            return world.part(Notifier.class).sequence().value(drivers.get(binding).mm()) != drivers.faults().snapshot(binding);
        }

        @Override
        public void run(Drivers drivers, Turn turn) {}
    }
}
