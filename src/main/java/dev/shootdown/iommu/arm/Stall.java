package dev.shootdown.iommu.arm;

import dev.shootdown.iommu.Fault;
import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.IommuStep;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/** A faulting access waits in the SMMU. Its record waits for room in the event queue, and is never lost. */
@Cites("SMMUv3 3.12.2: stall model; 7.4: records of stalled transactions are kept back; arm-smmu-v3.c: arm_smmu_handle_event, 6.6-6.18")
record Stall(int iommu, int device, Fault fault) implements IommuStep {
    @Override
    public boolean ready(World world) {
        return iommu(world).events().room(0);
    }

    @Override
    public void run(Iommu iommu, Turn turn) {
        ((ArmIommu) iommu).stall(turn, turn.part(Iommus.class).endpoint(device), fault);
    }
}
