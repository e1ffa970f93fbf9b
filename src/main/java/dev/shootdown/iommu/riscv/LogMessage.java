package dev.shootdown.iommu.riscv;

import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.IommuStep;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/** A device that may not send page requests has sent one: the fault queue is told so. */
@Cites("RISC-V IOMMU specification 2.7, PCIe ATS page request handling; 3.2, TTYP 9")
record LogMessage(int iommu, int device, int pasid, int cause) implements IommuStep {
    @Override
    public void run(Iommu iommu, Turn turn) {
        ((RiscvIommu) iommu).logMessage(turn, turn.part(Iommus.class).endpoint(device), pasid, Cause.of(cause));
    }
}
