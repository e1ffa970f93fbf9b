package dev.shootdown.driver.dma;

import dev.shootdown.iommu.DmaDomain;
import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.IommuUnmap;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.mm.Kernel;
import dev.shootdown.mm.UnpinUserPages;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.vocabulary.Errno;

/**
 * A driver takes a mapping of its device's away, and lets the pages go. With a flush queue the device may still reach them
 * then; a device that is not trusted is never behind one.
 *
 * @param address any of the mapping's
 */
@Cites("drivers/iommu/dma-iommu.c: iommu_dma_unmap_phys, 6.18, iommu_dma_unmap_page, 4.7-6.17; amd_iommu.c: unmap_page, 3.16-5.4")
public record DmaUnmap(int mm, int iommu, long address) implements Step {
    @Override
    public void run(Turn turn) {
        Iommu unit = turn.part(Iommus.class).get(iommu);
        DmaDomain.Mapping mapping = unit.domain().find(address);
        if (mapping == null || unit.domain().entry(mapping.iova().start()) == 0) {
            turn.fail(Errno.EINVAL, "nothing is mapped there");
            return;
        }
        boolean lazy = unit.flushQueue().unmapping().lazy() && turn.part(Iommus.class).endpoint(mapping.device()).trusted();
        long start = mapping.iova().start();
        int cpu = turn.part(Kernel.class).cpuOf(turn.actor());
        turn.then(new IommuUnmap(iommu, cpu, start, mapping.iova().end(), lazy),
                new UnpinUserPages(mm, unit.domain().frames(start, mapping.iova().end())));
    }
}
