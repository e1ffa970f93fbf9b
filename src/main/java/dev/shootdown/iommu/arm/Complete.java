package dev.shootdown.iommu.arm;

import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.IommuStep;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Manner;
import dev.shootdown.sim.Safety;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/**
 * A CMD_SYNC waits until all that the invalidations before it cover is over: walks, untranslated accesses, and what devices
 * have in flight. It stays in the queue meanwhile, and nothing behind it is fetched.
 */
@Safety(value = "no CMD_SYNC may complete before the invalidations that it follows", manners = Manner.HURRY)
@Cites("SMMUv3 4.7.3 CMD_SYNC: completion of TLBI, CFGI and ATC_INV; 3.9.1.4; PCIe ATS, invalidate completion")
record Complete(int iommu) implements IommuStep {
    @Override
    public boolean ready(World world) {
        boolean iotlb = iommu(world).caches().iotlbDraining();
        boolean atc = iommu(world).caches().atcDraining();
        return !iotlb & !atc;
    }

    @Override
    public void run(Iommu iommu, Turn turn) {
        ((ArmIommu) iommu).completed(turn);
    }
}
