package dev.shootdown.driver;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Manner;
import dev.shootdown.sim.Safety;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

@Safety(value = "nobody may decide by a counter that another is changing", manners = Manner.DROP, undoneBy = BindingUnlock.class)
@Cites("drivers/iommu/amd_iommu_v2.c: spin_lock(&pasid_state->lock) in mn_invalidate_range_start, 3.16")
record BindingLock(int binding) implements DriverStep {
    @Override
    public boolean ready(World world) {
        return !world.part(Drivers.class).locked(binding);
    }

    @Override
    public void run(Drivers drivers, Turn turn) {
        drivers.lock(binding, true);
    }
}
