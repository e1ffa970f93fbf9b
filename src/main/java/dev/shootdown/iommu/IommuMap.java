package dev.shootdown.iommu;

import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import dev.shootdown.vocabulary.Errno;
import java.util.List;

/**
 * Frames are mapped at I/O virtual addresses that nobody has. Nothing is invalidated: no such entry was there before. The
 * result is the address of the first byte; ENOMEM where there are no addresses, or no frames for page tables.
 *
 * @param device for which
 * @param offset of the first byte in its page
 */
@Cites("drivers/iommu/dma-iommu.c: __iommu_dma_map, iommu_dma_alloc_iova, 4.7-6.18; iommu.c: iommu_map, 3.16-6.18")
public record IommuMap(int iommu, int device, int offset, List<Long> frames, boolean write) implements IommuStep {
    @Override
    public void run(Iommu iommu, Turn turn) {
        DmaDomain domain = iommu.domain();
        turn.then(domain.attach(device));
        Iova iova = domain.allocate(frames.size(), device);
        if (iova == null) {
            turn.fail(Errno.ENOMEM, "there are no I/O virtual addresses left");
            return;
        }
        long end = iova.start() + frames.size() * Frames.PAGE_SIZE;
        for (int i = 0; i < frames.size(); i++) {
            if (!domain.map(iova.start() + i * Frames.PAGE_SIZE, frames.get(i), write)) {
                domain.unmap(iova.start(), end);
                domain.free(iova);
                turn.fail(Errno.ENOMEM, "there is no memory for the IOMMU's page tables");
                return;
            }
        }
        turn.result(iova.start() + offset);
        turn.emit(Kind.PTE, () -> new Event.Pte(iommu.name(), "set", iova.start(), end, frames.size(), "iommu_map"));
    }
}
