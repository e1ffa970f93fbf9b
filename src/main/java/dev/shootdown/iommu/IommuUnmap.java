package dev.shootdown.iommu;

import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Manner;
import dev.shootdown.sim.Safety;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;

/**
 * The entries of a range of I/O virtual addresses go. Either what anybody remembers of them is invalidated at once, and the
 * addresses may be handed out again; or both is put off.
 *
 * @param cpu  whose flush queue takes the range
 * @param lazy whether that is what happens
 */
@Cites("drivers/iommu/dma-iommu.c: __iommu_dma_unmap, iommu_unmap_fast, 4.7-6.18")
public record IommuUnmap(int iommu, int cpu, long start, long end, boolean lazy) implements IommuStep {
    @Override
    public void run(Iommu iommu, Turn turn) {
        long pages = iommu.domain().unmap(start, end);
        if (lazy) {
            turn.then(new QueueIova(iommu(), DmaDomain.PASID, cpu, start, end));
        } else {
            turn.then(new IommuIotlbSync(iommu(), start, end), new FreeIova(iommu(), start, end));
        }
        turn.emit(Kind.PTE, () -> new Event.Pte(iommu.name(), "clear", start, start + pages * Frames.PAGE_SIZE, pages, "iommu_unmap"));
    }

    /** What the IOMMU, and devices, remember of the range goes, and that is waited for. */
    @Safety(value = "no page may be let go that a device can still reach", manners = Manner.DROP)
    @Cites("drivers/iommu/iommu.c: iommu_iotlb_sync, 4.15-6.18; amd_iommu.c: domain_flush_pages, 3.16-4.14")
    record IommuIotlbSync(int iommu, long start, long end) implements IommuStep {
        @Override
        public void run(Iommu iommu, Turn turn) {
            turn.then(iommu.domain().invalidate(DmaDomain.PASID, start, end));
        }
    }

    /** The addresses may be handed out again. */
    @Cites("drivers/iommu/dma-iommu.c: iommu_dma_free_iova, 4.7-6.18; iova.c: free_iova_fast")
    record FreeIova(int iommu, long start, long end) implements IommuStep {
        @Override
        public void run(Iommu iommu, Turn turn) {
            iommu.domain().free(new Iova(start, end));
        }
    }
}
