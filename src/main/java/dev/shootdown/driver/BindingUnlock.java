package dev.shootdown.driver;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

@Cites("drivers/iommu/amd_iommu_v2.c: spin_unlock(&pasid_state->lock) in mn_invalidate_range_start, 3.16")
record BindingUnlock(int binding) implements DriverStep {
    @Override
    public void run(Drivers drivers, Turn turn) {
        drivers.lock(binding, false);
    }
}
