package dev.shootdown.mm;

import dev.shootdown.notifier.NotifyEnd;
import dev.shootdown.notifier.NotifyStart;
import dev.shootdown.notifier.Reason;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/**
 * Unmaps pages of a file wherever they are mapped. No address space is locked, only the file's tree of mappings, so that
 * faults and other calls go on meanwhile.
 *
 * @param first the first page
 * @param end   behind the last page; {@link #TO_THE_END}
 * @param cows  whether private copies go too: even_cows
 */
@Cites("mm/memory.c: unmap_mapping_range, 3.16-6.18")
record UnmapMappingRange(int file, long first, long end, boolean cows) implements KernelStep {
    /** A length of 0: to the end of whatever maps the file. */
    static final long TO_THE_END = Long.MAX_VALUE;

    @Override
    public void run(Kernel kernel, Turn turn) {
        int family = Rmap.file(file);
        turn.then(new RmapLock.Read(family), new Next(this, Rmap.Place.before(family)), new RmapLock.ReadUnlock(family));
    }

    /** The next mapping of the pages. */
    @Cites("mm/memory.c: unmap_mapping_range_tree, unmap_mapping_range_vma, zap_page_range_single, 3.16-6.18")
    record Next(UnmapMappingRange what, Rmap.Place behind) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            Rmap.Place place = kernel.rmap().next(behind);
            while (place != null && outside(kernel.rmap().at(place))) {
                place = kernel.rmap().next(place);
            }
            if (place == null) {
                return;
            }
            Vma vma = kernel.rmap().at(place);
            long from = Math.max(vma.start(), Rmap.address(vma, Math.max(what.first, vma.pgoff())));
            long to = what.end >= vma.pgoff() + vma.pages() ? vma.end() : Rmap.address(vma, what.end);
            turn.then(
                    new Munmap.Begin(vma.mm(), from, to),
                    new NotifyStart(vma.mm(), from, to, Reason.CLEAR, true),
                    new Zap.UnmapPageRange(vma, from, to, new ZapDetails(what.cows, false, false)),
                    new NotifyEnd(vma.mm(), from, to, Reason.CLEAR, true, false),
                    new GatherStep.TlbFinishMmu(from, to),
                    new Next(what, place));
        }

        private boolean outside(Vma vma) {
            return vma.pgoff() >= what.end || vma.pgoff() + vma.pages() <= what.first;
        }
    }
}
