package dev.shootdown.iommu.riscv;

import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.IommuStep;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Manner;
import dev.shootdown.sim.Safety;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/**
 * A fence, at which the queue's head stays, waits until all commands before it have completed: walks that used what was
 * dropped are over, and devices have completed what asked them to invalidate.
 */
@Safety(value = "no fence may complete before the invalidations that it follows", manners = Manner.HURRY)
@Cites("RISC-V IOMMU specification 3.1.2, IOFENCE.C: all previous commands have been completed and committed")
record AwaitCommands(int iommu) implements IommuStep {
    @Override
    public boolean ready(World world) {
        return !((RiscvIommu) iommu(world)).fences().outstanding();
    }

    @Override
    public void run(Iommu iommu, Turn turn) {
        ((RiscvIommu) iommu).committed(turn);
    }
}
