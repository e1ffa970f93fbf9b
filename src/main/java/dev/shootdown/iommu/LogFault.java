package dev.shootdown.iommu;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/** An access did not translate and the IOMMU writes that into its log, where what a device may ask for never is. */
@Cites("drivers/iommu/amd_iommu.c: iommu_print_event; VT-d 7.1, SMMUv3 3.9.1.2, RISC-V IOMMU 4.4: an empty answer is not logged")
record LogFault(int iommu, int device, Fault fault) implements IommuStep {
    @Override
    public void run(Iommu iommu, Turn turn) {
        iommu.logFault(turn, turn.part(Iommus.class).endpoint(device), fault);
    }
}
