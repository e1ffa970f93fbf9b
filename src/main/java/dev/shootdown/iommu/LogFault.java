package dev.shootdown.iommu;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/** An untranslated access did not translate: the IOMMU writes that into its log, where requests by ATS never are. */
@Cites("drivers/iommu/amd_iommu.c: iommu_print_event; PCIe ATS: what finds nothing is answered, not logged")
record LogFault(int iommu, int device, int pasid, long addr, boolean write, boolean present) implements IommuStep {
    @Override
    public void run(Iommu iommu, Turn turn) {
        iommu.logFault(turn, turn.part(Iommus.class).endpoint(device), pasid, addr, write, present);
    }
}
