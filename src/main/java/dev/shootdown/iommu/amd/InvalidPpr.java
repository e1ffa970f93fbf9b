package dev.shootdown.iommu.amd;

import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.IommuStep;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.iommu.PageRequest;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;

/**
 * A page request without a PASID, for which there is no process: it is noted (dev_dbg) and, where it is its group's last, answered
 * with the generic code of a failure, which nobody converts: on the wire it is 2, reserved, and so a Response Failure.
 */
@Cites("drivers/iommu/amd/ppr.c: ppr_is_valid, iommu_call_iopf_notifier (IOMMU_PAGE_RESP_FAILURE), 6.10-6.18")
record InvalidPpr(int iommu, PageRequest request) implements IommuStep {
    @Override
    public void run(Iommu iommu, Turn turn) {
        if (request.last()) {
            turn.then(iommu.respond(request.device(), request.pasid(), request.group(), PageRequest.GENERIC_FAILURE));
        }
        PprEntry entry = DeviceRequests.record(request);
        turn.emit(Kind.IO_PAGE_FAULT, () -> new Event.IoPageFault(iommu.name(), turn.part(Iommus.class).endpoint(request.device()).name(),
                request.pasid(), request.addr(), entry.flags(), entry.ignored()));
    }
}
