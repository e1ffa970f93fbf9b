package dev.shootdown.iommu;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/**
 * Waits until the IOMMU has stored into this waiter's own word that it is done; where that is how its driver does it, has a
 * ring go on meanwhile that has stopped.
 */
@Cites("drivers/iommu/amd_iommu.c: wait_on_sem, 3.16-6.18; intel/dmar.c: qi_submit_sync, qi_check_fault; arm-smmu-v3.c: arm_smmu_cmdq_poll_until_sync")
record AwaitCompletion(int iommu, int waiter) implements IommuStep {
    @Override
    public boolean ready(World world) {
        Iommu iommu = iommu(world);
        boolean stopped = iommu.attends() && iommu.stopped();
        return iommu.semaphores().done(waiter) | stopped;
    }

    @Override
    public void run(Iommu iommu, Turn turn) {
        if (iommu.semaphores().done(waiter)) {
            iommu.waited(turn, waiter, iommu.semaphores().take(waiter));
        } else {
            boolean waits = iommu.attend(turn);
            if (waits) {
                turn.then(this);
            }
        }
    }
}
