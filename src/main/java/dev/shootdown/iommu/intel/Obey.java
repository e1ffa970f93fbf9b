package dev.shootdown.iommu.intel;

import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.IommuStep;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/** A descriptor is carried out once those are done that it comes behind. */
@Cites("VT-d 6.5.2.12: which descriptors run only after which earlier ones have completed")
record Obey(int iommu, QiDescriptor descriptor) implements IommuStep {
    @Override
    public void run(Iommu iommu, Turn turn) {
        ((IntelIommu) iommu).obey(turn, descriptor);
    }
}
