package dev.shootdown.iommu.arm;

import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.IommuStep;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/** The global error interrupt: prints what is wrong, puts a CMD_SYNC in the place of an illegal command, acknowledges. */
@Cites("arm-smmu-v3.c: arm_smmu_gerror_handler, __arm_smmu_cmdq_skip_err, 6.1-6.18")
record HandleGerror(int iommu) implements IommuStep {
    @Override
    public void run(Iommu iommu, Turn turn) {
        ((ArmIommu) iommu).handleGerror(turn);
    }
}
