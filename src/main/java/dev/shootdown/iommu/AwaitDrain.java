package dev.shootdown.iommu;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Manner;
import dev.shootdown.sim.Safety;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/** An IOMMU that obeys commands in order waits until the walks that an IOTLB invalidation marked are over. */
@Safety(value = "no completion may come while a walk goes on that began before the invalidation", manners = Manner.DROP)
@Cites("AMD IOMMU, INVALIDATE_IOMMU_PAGES: finished before the next command; VT-d 6.5.2.12; SMMUv3 4.7.3; RISC-V IOMMU, IOFENCE.C")
public record AwaitDrain(int iommu) implements IommuStep {
    @Override
    public boolean ready(World world) {
        return !iommu(world).caches().iotlbDraining();
    }

    @Override
    public void run(Iommu iommu, Turn turn) {
        // the marks are gone; the next command follows
    }
}
