package dev.shootdown.iommu.intel;

import dev.shootdown.iommu.Caches;
import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.IommuStep;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Manner;
import dev.shootdown.sim.Safety;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/** An invalidation wait completes when nothing is in flight any more that an invalidation before it covers. */
@Safety(value = "no completion may come before what the invalidations cover is over", manners = Manner.HURRY)
@Cites("VT-d 6.5.2.8 invalidation wait, 6.5.2.12; PCIe ATS, invalidate completion: behind all accesses that used the translation")
record Complete(int iommu, QiDescriptor.Wait descriptor) implements IommuStep {
    @Override
    public boolean ready(World world) {
        Caches caches = iommu(world).caches();
        boolean walks = caches.iotlbDraining();
        return !(walks | caches.atcDraining());
    }

    @Override
    public void run(Iommu iommu, Turn turn) {
        ((IntelIommu) iommu).completed(turn, descriptor);
    }
}
