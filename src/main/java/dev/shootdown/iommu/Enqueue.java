package dev.shootdown.iommu;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/** A driver writes one command into an IOMMU's ring, and waits before that until there is room. */
@Cites("drivers/iommu/amd_iommu.c: iommu_queue_command_sync, 3.16-6.18; intel/dmar.c: qi_submit_sync; arm-smmu-v3.c: arm_smmu_cmdq_issue_cmd")
public record Enqueue(int iommu, Command command) implements IommuStep {
    @Override
    public boolean ready(World world) {
        return iommu(world).takesCommands();
    }

    @Override
    public void run(Iommu iommu, Turn turn) {
        iommu.enqueue(turn, command);
    }
}
