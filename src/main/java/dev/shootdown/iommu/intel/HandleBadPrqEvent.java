package dev.shootdown.iommu.intel;

import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.IommuStep;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.iommu.PageRequest;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import java.util.Locale;

/**
 * A page request that the driver refuses by itself is printed and, where it is its group's last, answered Invalid Request.
 *
 * @param reason the line that says why
 */
@Cites("drivers/iommu/intel/svm.c: prq_event_thread, handle_bad_prq_event, 5.12-6.11; intel/prq.c, 6.12 and later")
record HandleBadPrqEvent(int iommu, PageRequest request, String reason) implements IommuStep {
    @Override
    public void run(Iommu iommu, Turn turn) {
        if (request.last()) {
            turn.then(iommu.respond(request.device(), request.pasid(), request.group(), PageRequest.INVALID));
        }
        turn.emit(Kind.IO_PAGE_FAULT, () -> new Event.IoPageFault(iommu.name(), turn.part(Iommus.class).endpoint(request.device()).name(),
                request.pasid(), request.addr(), 0, reason + "\n" + log(iommu.name(), IntelIommu.descriptor(request))));
    }

    private static String log(String unit, PageRequestDescriptor entry) {
        return String.format(Locale.ROOT, "DMAR: %s: Invalid page request: %08x %08x", unit, entry.word(0), entry.word(1));
    }
}
