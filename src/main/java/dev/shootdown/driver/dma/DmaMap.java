package dev.shootdown.driver.dma;

import dev.shootdown.iommu.IommuMap;
import dev.shootdown.memory.Frames;
import dev.shootdown.mm.PinUserPages;
import dev.shootdown.mm.UnpinUserPages;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import java.util.List;

/**
 * A driver whose device takes no page faults makes a range of a process known to it: pins the pages, and maps them at I/O
 * virtual addresses. The result is the address of the range's first byte.
 *
 * @param start the first byte
 * @param end   behind the last byte
 * @param write whether the device may write (DMA_BIDIRECTIONAL; otherwise DMA_TO_DEVICE)
 */
@Cites("drivers/iommu/dma-iommu.c: iommu_dma_map_phys, 6.18, iommu_dma_map_page, 4.7-6.17; amd_iommu.c: map_page, 3.16-5.4")
public record DmaMap(int mm, int iommu, int device, long start, long end, boolean write) implements Step, PinUserPages.Holder {
    @Override
    public void run(Turn turn) {
        long first = start & -Frames.PAGE_SIZE;
        long last = end + Frames.PAGE_SIZE - 1 & -Frames.PAGE_SIZE;
        turn.then(new PinUserPages(mm, first, last, write, this));
    }

    @Override
    public Step pinned(List<Long> frames) {
        return new Pinned(this, List.copyOf(frames));
    }

    /** The pages are held, wherever the process's own entries point to by now. */
    @Cites("drivers/iommu/dma-iommu.c: __iommu_dma_map, 4.7-6.18")
    record Pinned(DmaMap map, List<Long> frames) implements Step {
        @Override
        public void run(Turn turn) {
            turn.then(new IommuMap(map.iommu, map.device, (int) (map.start & Frames.PAGE_SIZE - 1), frames, map.write),
                    new Mapped(map.mm, frames));
        }
    }

    /** Where there was no room for the mapping, the pages are let go. */
    @Cites("drivers/iommu/dma-iommu.c: __iommu_dma_map, DMA_MAPPING_ERROR, 4.7-6.18")
    record Mapped(int mm, List<Long> frames) implements Step {
        @Override
        public void run(Turn turn) {
            long outcome = turn.takeResult();
            turn.result(outcome);
            if (Outcome.failed(outcome)) {
                turn.then(new UnpinUserPages(mm, frames));
            }
        }
    }
}
