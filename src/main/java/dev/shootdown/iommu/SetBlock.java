package dev.shootdown.iommu;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/** From here on new translations of a range wait, or go on again. */
@Cites("Documentation/mm/hmm.rst: what a driver's lock between invalidate_range_start and _end does; no function of its own")
record SetBlock(int iommu, int pasid, long start, long end, boolean blocked) implements IommuStep {
    @Override
    public void run(Iommu iommu, Turn turn) {
        if (blocked) {
            iommu.blocks().add(pasid, start, end);
        } else {
            iommu.blocks().remove(pasid, start, end);
        }
    }
}
