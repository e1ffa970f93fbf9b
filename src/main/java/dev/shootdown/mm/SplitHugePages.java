package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/** Splits the huge pages that a stretch of an address space maps, as when memory is short. The result is 0. */
@Cites("mm/huge_memory.c: split_huge_pages_pid, 5.13-6.18; split_huge_page, 3.16-6.18")
public record SplitHugePages(int mm, long start, long end) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        long at = kernel.alive(mm) ? PageTables.nextMapped(kernel, mm, start, end) : end;
        while (at < end && !huge(kernel, at)) {
            at = PageTables.nextMapped(kernel, mm, at + Frames.PAGE_SIZE, end);
        }
        if (at >= end) {
            turn.then(new Result(0, null));
            return;
        }
        long frame = Entry.frame(kernel.pte(mm, at));
        kernel.frames().get(frame);
        turn.then(new SplitHugePage(mm, frame), new MigratePages.Put(mm, frame), new SplitHugePages(mm, at + Frames.PAGE_SIZE, end));
    }

    private boolean huge(Kernel kernel, long at) {
        long entry = kernel.pte(mm, at);
        long frame = Entry.frame(entry);
        return Entry.mapped(entry) && !kernel.thp().isZero(entry) && Rss.anonymous(kernel.frames().use(frame)) && kernel.frames().compound(frame);
    }
}
