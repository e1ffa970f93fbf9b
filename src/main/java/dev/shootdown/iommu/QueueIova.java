package dev.shootdown.iommu;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/**
 * A range that has been unmapped goes into the flush queue of the CPU, its invalidation being put off. Where the queue is
 * full, everything is flushed first.
 *
 * @param space the PASID; {@link DmaDomain#PASID} for the DMA API's
 */
@Cites("drivers/iommu/dma-iommu.c: queue_iova, fq_ring_free, fq_full, 5.17-6.18; iova.c: queue_iova, 4.15-5.16; intel-iommu.c: add_unmap, 3.16-4.14")
public record QueueIova(int iommu, int space, int cpu, long start, long end) implements IommuStep {
    @Override
    public void run(Iommu iommu, Turn turn) {
        FlushQueue queue = iommu.flushQueue();
        Flush.release(iommu, space, queue.release(space, cpu));
        if (queue.full(space, cpu)) {
            turn.then(this);
            turn.then(Flush.everything(iommu, space));
        } else {
            queue.add(space, cpu, start, end);
        }
    }
}
