package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/** Looks which pages of a stretch of an address space were used, and forgets it. */
@Cites("mm/rmap.c: page_referenced, 3.16-5.15; folio_referenced, 6.1-6.18")
public record AgePages(int mm, long address, long end) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        long at = PageTables.nextMapped(kernel, mm, address, end);
        while (at != end && !ShrinkFolioList.reclaimable(kernel, mm, at, false)) {
            at = PageTables.nextMapped(kernel, mm, at + Frames.PAGE_SIZE, end);
        }
        if (at != end) {
            long frame = Entry.frame(kernel.pte(mm, at));
            long next = kernel.thp().at(mm, at) != 0 ? Thp.end(at, end) : at + Frames.PAGE_SIZE;
            turn.then(new FolioReferenced(frame, true), new AgePages(mm, next, end));
        }
    }
}
