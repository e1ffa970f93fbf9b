package dev.shootdown.driver;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

@Cites("a driver's own decision, as if (pasid_state->mmu_notifier_count == 0) in drivers/iommu/amd_iommu_v2.c, 3.16")
record Decide(Called called, Action.If choice) implements DriverStep {
    @Override
    public void run(Drivers drivers, Turn turn) {
        boolean holds = choice.condition().value(called.moment(turn)) != 0;
        turn.then(new Plan(turn, called).of(holds ? choice.then() : choice.otherwise()));
    }
}
