package dev.shootdown.driver;

import dev.shootdown.iommu.Iommus;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/** Waits until the log is empty and none of the binding's page requests is being served. */
@Cites("drivers/iommu/amd_iommu_v2.c: flush_workqueue(iommu_wq), 3.16-6.6; iopf_queue_flush_dev, 6.18")
record Drain(int binding, int iommu) implements DriverStep {
    @Override
    public boolean ready(World world) {
        boolean logged = world.part(Iommus.class).get(iommu).hasRequest();
        return world.part(Drivers.class).serving(binding) == 0 && !logged;
    }

    @Override
    public void run(Drivers drivers, Turn turn) {}
}
