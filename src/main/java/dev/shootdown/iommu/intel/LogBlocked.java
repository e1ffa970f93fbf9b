package dev.shootdown.iommu.intel;

import dev.shootdown.iommu.Fault;
import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.IommuStep;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/** A page request, or an access with an address that the device has had translated, was blocked, and the hardware records that. */
@Cites("VT-d 7.1.3; 11.4.7.7: T1, T2 and AT of a fault recording register")
record LogBlocked(int iommu, int device, Fault fault, Request request) implements IommuStep {
    @Override
    public void run(Iommu iommu, Turn turn) {
        ((RemappingUnit) iommu).log(turn, turn.part(Iommus.class).endpoint(device), fault, request);
    }
}
