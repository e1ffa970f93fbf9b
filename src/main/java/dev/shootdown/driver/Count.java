package dev.shootdown.driver;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

@Cites("a driver's own counter, as mmu_notifier_count in drivers/iommu/amd_iommu_v2.c, 3.16")
record Count(Called called, String counter, Term value) implements DriverStep {
    @Override
    public void run(Drivers drivers, Turn turn) {
        drivers.counter(called.binding(), counter, value.value(called.moment(turn)));
    }
}
