package dev.shootdown.iommu.riscv;

import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.IommuStep;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Manner;
import dev.shootdown.sim.Safety;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/** A fence waits until the reads, or writes, that the IOMMU had translated before it have reached memory. */
@Safety(value = "no fence may complete before the accesses that it orders have reached memory", manners = Manner.HURRY)
@Cites("RISC-V IOMMU specification 3.1.2, IOFENCE.C: PR and PW")
record AwaitOrder(int iommu, boolean reads, boolean writes) implements IommuStep {
    @Override
    public boolean ready(World world) {
        return !((RiscvIommu) iommu(world)).fences().unordered(reads, writes);
    }

    @Override
    public void run(Iommu iommu, Turn turn) {
        ((RiscvIommu) iommu).ordered(turn);
    }
}
