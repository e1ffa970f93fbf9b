package dev.shootdown.iommu;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;

/** The kernel prints a line about an IOMMU that is about no device: entries of a log were lost. */
@Cites("arm-smmu-v3.c: arm_smmu_evtq_thread, arm_smmu_priq_thread")
public record Report(int iommu, String line) implements IommuStep {
    @Override
    public void run(Iommu iommu, Turn turn) {
        turn.emit(Kind.IO_PAGE_FAULT, () -> new Event.IoPageFault(iommu.name(), null, null, 0, 0, line));
    }
}
