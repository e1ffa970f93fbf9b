package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.vocabulary.Errno;

/**
 * Memory is short, and the kernel takes back what a stretch of an address space maps: first the pages are found old, then
 * those that were not used meanwhile go.
 *
 * @param pages how many are looked at, at most
 * @param want  how many must go for it not to be {@link Errno#EAGAIN}
 * @param walks whether a walk of the page tables makes them old (the multi-generational LRU), nobody being asked
 */
@Cites("mm/vmscan.c: shrink_lruvec, shrink_active_list, shrink_inactive_list, 3.16-6.18")
public record Reclaim(int mm, long start, long end, long pages, long want, boolean walks) implements KernelStep {
    /** The whole of an address space. */
    private static final long EVERYWHERE = 1L << 56;
    /** Pages that are taken off a list at once: SWAP_CLUSTER_MAX. */
    private static final int CLUSTER = 32;

    /** Of a range: all of it, and whatever stays is no failure. */
    public static Reclaim range(int mm, long start, long end, boolean walks) {
        return new Reclaim(mm, start, end, Long.MAX_VALUE, 0, walks);
    }

    /** Of a process: writing so many bytes to memory.reclaim of its cgroup. */
    public static Reclaim process(int mm, long bytes, boolean walks) {
        long pages = bytes >>> Frames.PAGE_SHIFT;
        return new Reclaim(mm, 0, EVERYWHERE, pages, pages, walks);
    }

    @Override
    public void run(Kernel kernel, Turn turn) {
        turn.then(new Cluster(this, start, 0));
    }

    /** Some pages are made old, then taken back; then the next ones. */
    @Cites("mm/vmscan.c: shrink_list, 3.16-6.18; SWAP_CLUSTER_MAX")
    record Cluster(Reclaim what, long address, long taken) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long got = taken + turn.takeResult();
            long most = Math.min(CLUSTER, what.pages - got);
            long first = next(kernel, address);
            long at = first;
            int found = 0;
            while (at != what.end && found < most) {
                at = next(kernel, kernel.thp().at(what.mm, at) != 0 ? Thp.end(at, what.end) : at + Frames.PAGE_SIZE);
                found++;
            }
            if (found == 0) {
                finish(turn, got);
                return;
            }
            long limit = at == what.end ? at : at & -Frames.PAGE_SIZE;
            turn.then(
                    new Age(what.mm, first, limit, what.walks),
                    new ShrinkFolioList(what.mm, first, limit, false, 0),
                    new Cluster(what, limit, got));
        }

        private long next(Kernel kernel, long from) {
            long at = PageTables.nextMapped(kernel, what.mm, from, what.end);
            while (at != what.end && !ShrinkFolioList.reclaimable(kernel, what.mm, at, false)) {
                at = PageTables.nextMapped(kernel, what.mm, at + Frames.PAGE_SIZE, what.end);
            }
            return at;
        }

        private void finish(Turn turn, long got) {
            if (got < what.want) {
                turn.fail(Errno.EAGAIN, "fewer pages could be taken back than were asked for");
            } else {
                turn.result(0);
            }
        }
    }

    /** One page after the other is found old. */
    @Cites("mm/vmscan.c: shrink_active_list, 3.16-6.18; walk_pte_range, 6.1-6.18")
    record Age(int mm, long address, long end, boolean walks) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long at = PageTables.nextMapped(kernel, mm, address, end);
            while (at != end && !ShrinkFolioList.reclaimable(kernel, mm, at, false)) {
                at = PageTables.nextMapped(kernel, mm, at + Frames.PAGE_SIZE, end);
            }
            if (at == end) {
                return;
            }
            boolean large = kernel.thp().at(mm, at) != 0;
            turn.then(new Age(mm, large ? Thp.end(at, end) : at + Frames.PAGE_SIZE, end, walks));
            long entry = kernel.pte(mm, at);
            if (!walks) {
                turn.then(new FolioReferenced(Entry.frame(entry), false));
            } else if (large) {
                new ClearRefs.HugePmd(mm, Thp.start(at), false).run(kernel, turn);
            } else if ((entry & Entry.ACCESSED) != 0) {
                kernel.tables().entry(kernel.pteTable(mm, at), at, 1, entry & ~Entry.ACCESSED);
                PageTables.changed(kernel, turn, mm, "young", at, Frames.PAGE_SIZE, null);
            }
        }
    }
}
