package dev.shootdown.iommu.arm;

import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.IommuStep;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.iommu.PageRequest;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;

/**
 * A page request by PRI, for which the driver has no use: it is printed and, where it is its group's last, denied (PRI_RESP_DENY),
 * which is PCIe's Response Failure. The device's PRI is off from then on.
 */
@Cites("drivers/iommu/arm-smmu-v3.c: arm_smmu_handle_ppr, 4.2-6.18")
record HandlePpr(int iommu, PageRequest request) implements IommuStep {
    @Override
    public void run(Iommu iommu, Turn turn) {
        if (request.last()) {
            turn.then(iommu.respond(request.device(), request.pasid(), request.group(), PageRequest.FAILURE));
        }
        turn.emit(Kind.IO_PAGE_FAULT, () -> new Event.IoPageFault(iommu.name(), turn.part(Iommus.class).endpoint(request.device()).name(),
                request.pasid(), request.addr(), 0, SmmuStreams.record(request).log(iommu.name())));
    }
}
