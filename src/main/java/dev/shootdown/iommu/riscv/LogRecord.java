package dev.shootdown.iommu.riscv;

import dev.shootdown.iommu.Endpoint;
import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.IommuStep;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/** A device has sent what it may not, a page request or a translated address: the fault queue is told so. */
@Cites("RISC-V IOMMU specification 2.3, steps 1 to 8; 2.7, PCIe ATS page request handling; 3.2")
record LogRecord(int iommu, int device, int pasid, boolean privileged, int cause, int ttyp, long iotval) implements IommuStep {
    @Override
    public void run(Iommu iommu, Turn turn) {
        Endpoint endpoint = turn.part(Iommus.class).endpoint(device);
        ((RiscvIommu) iommu).log(turn, endpoint, FaultRecord.of(Cause.of(cause), pasid, privileged, ttyp, endpoint, iotval, 0));
    }
}
