package dev.shootdown.iommu;

import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import java.util.List;

/**
 * A hypervisor takes pages of a guest's memory away from its devices, or gives them back: entries of the second stage, by the
 * guest's page frames. What hardware remembers of them is invalidated behind it, if that is asked for.
 *
 * @param pages       guest page frames
 * @param permissions {@link dev.shootdown.memory.Translation}; 0 takes them away
 */
@Cites("drivers/iommu/iommufd/io_pagetable.c: iopt_unmap_iova_range, iopt_map_pages, 6.2-6.18; intel/nested.c, amd/nested.c")
public record IoasMap(int iommu, List<Long> pages, int permissions) implements IommuStep {
    public IoasMap {
        pages = List.copyOf(pages);
    }

    @Override
    public void run(Iommu iommu, Turn turn) {
        for (long page : pages) {
            iommu.secondStage().set(page, page, permissions);
        }
        long first = pages.getFirst() << Frames.PAGE_SHIFT;
        long end = pages.getLast() + 1 << Frames.PAGE_SHIFT;
        turn.emit(Kind.PTE, () -> new Event.Pte(iommu.name(), permissions == 0 ? "clear" : "set", first, end, pages.size(), "stage2"));
    }
}
