package dev.shootdown.iommu;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/** Waits until the IOMMU has stored into this waiter's own word that it is done. */
@Cites("drivers/iommu/amd_iommu.c: wait_on_sem, 3.16-6.18")
record AwaitCompletion(int iommu, int waiter) implements IommuStep {
    @Override
    public boolean ready(World world) {
        return iommu(world).semaphores().done(waiter);
    }

    @Override
    public void run(Iommu iommu, Turn turn) {
        iommu.waited(turn, waiter, iommu.semaphores().take(waiter));
    }
}
