package dev.shootdown.iommu;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import java.util.ArrayList;
import java.util.List;

/** The parts of a flush of all that a flush queue holds back. */
sealed interface Flush extends IommuStep {
    /** The PASID of the address space. */
    int space();

    /** Begins, invalidates the whole address space, waits, ends. */
    static List<Step> everything(Iommu iommu, int space) {
        List<Step> steps = new ArrayList<>();
        steps.add(new Started(iommu.number(), space));
        steps.addAll(iommu.domain().invalidate(space, 0, Caches.EVERYTHING));
        steps.add(new Finished(iommu.number(), space));
        return steps;
    }

    /** Addresses of the DMA API's that the queue has let go may be handed out again. */
    static void release(Iommu iommu, int space, List<Iova> ranges) {
        if (space == DmaDomain.PASID) {
            ranges.forEach(iommu.domain()::free);
        }
    }

    /** What comes into the queue from here on is not covered. */
    @Cites("drivers/iommu/dma-iommu.c: fq_flush_iotlb (fq_flush_start_cnt), 5.17-6.18; iova.c: iova_domain_flush, 4.15-5.16")
    record Started(int iommu, int space) implements Flush {
        @Override
        public void run(Iommu iommu, Turn turn) {
            iommu.flushQueue().started(space);
        }
    }

    /** What was in the queue when it began is covered. */
    @Cites("drivers/iommu/dma-iommu.c: fq_flush_iotlb (fq_flush_finish_cnt), 5.17-6.18; iova.c: iova_domain_flush, 4.15-5.16")
    record Finished(int iommu, int space) implements Flush {
        @Override
        public void run(Iommu iommu, Turn turn) {
            iommu.flushQueue().finished(space);
        }
    }

    /** Behind a flush that the timer began: what it has covered is let go, of all CPUs. */
    @Cites("drivers/iommu/dma-iommu.c: fq_flush_timeout, 5.17-6.18; iova.c: fq_flush_timeout, 4.15-5.16")
    record Released(int iommu, int space) implements Flush {
        @Override
        public void run(Iommu iommu, Turn turn) {
            release(iommu, space, iommu.flushQueue().release(space));
        }
    }
}
