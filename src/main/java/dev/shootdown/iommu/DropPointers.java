package dev.shootdown.iommu;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Manner;
import dev.shootdown.sim.Safety;
import dev.shootdown.sim.Turn;

/** An IOMMU drops what it remembers of page tables whose span overlaps the pages [from, to) of a PASID, or of what else it tells them by. */
@Safety(value = "no walk may go through a page table that has been freed", manners = Manner.DROP)
@Cites("AMD IOMMU, INVALIDATE_IOMMU_PAGES, PDE; Intel SDM volume 3A, 4.10.4.1: paging-structure caches")
record DropPointers(int iommu, int tag, long from, long to) implements IommuStep {
    @Override
    public void run(Iommu iommu, Turn turn) {
        iommu.caches().walkCache().drop(tag, from, to);
    }
}
