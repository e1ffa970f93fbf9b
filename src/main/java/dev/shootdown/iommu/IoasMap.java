package dev.shootdown.iommu;

import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Manner;
import dev.shootdown.sim.Safety;
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
 * @param flushes     whether that is asked for
 */
@Cites("drivers/iommu/iommufd/io_pagetable.c: iopt_unmap_iova_range, iopt_map_pages, 6.2-6.18; intel/nested.c, amd/nested.c")
public record IoasMap(int iommu, List<Long> pages, int permissions, boolean flushes) implements IommuStep {
    public IoasMap {
        pages = List.copyOf(pages);
    }

    /** What anybody remembers of the pages goes, and that is waited for. */
    @Safety(value = "no page may be taken from a guest that its devices can still reach", manners = Manner.DROP)
    @Cites("drivers/iommu/iommufd/pages.c: iopt_area_unmap_domain_range (iommu_unmap, which flushes), 6.2-6.18")
    record FlushSecondStage(int iommu, long start, long end) implements IommuStep {
        @Override
        public void run(Iommu iommu, Turn turn) {
            turn.then(iommu.flushSecondStage(start, end));
        }
    }

    @Override
    public void run(Iommu iommu, Turn turn) {
        for (long page : pages) {
            iommu.secondStage().set(page, page, permissions);
        }
        long first = pages.getFirst() << Frames.PAGE_SHIFT;
        long end = pages.getLast() + 1 << Frames.PAGE_SHIFT;
        if (flushes) {
            turn.then(new FlushSecondStage(iommu(), first, end));
        }
        turn.emit(Kind.PTE, () -> new Event.Pte(iommu.name(), permissions == 0 ? "clear" : "set", first, end, pages.size(), "stage2"));
    }
}
