package dev.shootdown.iommu;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/**
 * The time is over that the first entry of a flush queue started: everything is flushed, and what waited is let go. Nothing
 * where no timer runs. There is no clock: whoever takes this step says when it is.
 */
@Cites("drivers/iommu/dma-iommu.c: fq_flush_timeout, 5.17-6.18; iova.c: fq_flush_timeout, 4.15-5.16; 10 ms, with a single queue 1 s")
public record FqFlushTimeout(int iommu) implements IommuStep {
    @Override
    public void run(Iommu iommu, Turn turn) {
        for (int space : iommu.flushQueue().timers()) {
            iommu.flushQueue().expired(space);
            turn.then(new Flush.Released(iommu(), space));
            turn.then(Flush.everything(iommu, space));
        }
    }
}
