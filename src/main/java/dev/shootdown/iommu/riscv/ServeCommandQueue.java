package dev.shootdown.iommu.riscv;

import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.IommuStep;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/**
 * The thread that serves the command queue's interrupt prints how the queue is and clears what hinders it, so that a
 * fence that found a time-out is fetched again, and completes: nobody sends again what the device has not answered.
 */
@Cites("drivers/iommu/riscv/iommu.c: riscv_iommu_cmdq_process, 6.13-6.18")
record ServeCommandQueue(int iommu) implements IommuStep {
    @Override
    public void run(Iommu iommu, Turn turn) {
        ((RiscvIommu) iommu).serveCommandQueue(turn);
    }
}
