package dev.shootdown.iommu;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/** A driver asks to be told when all commands before this are done, and waits for it. */
@Cites("drivers/iommu/amd_iommu.c: iommu_completion_wait, 3.16-6.18; intel/dmar.c: qi_submit_sync; arm-smmu-v3.c: arm_smmu_cmdq_issue_sync")
public record Sync(int iommu) implements IommuStep {
    @Override
    public boolean ready(World world) {
        return iommu(world).takesCommands();
    }

    @Override
    public void run(Iommu iommu, Turn turn) {
        int waiter = turn.actor().number();
        boolean sent = iommu.enqueue(turn, iommu.completion(iommu.semaphores().address(waiter)));
        if (sent) {
            turn.then(new AwaitCompletion(iommu(), waiter));
        }
    }
}
