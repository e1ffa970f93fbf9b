package dev.shootdown.mm;

import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.vocabulary.Errno;

/**
 * The system call move_pages, for the pages of a range. The result is 0; that a page did not move would be told by its
 * status only.
 *
 * @param all whether pages that others map too are moved: MPOL_MF_MOVE_ALL
 */
@Cites("mm/migrate.c: SYSCALL_DEFINE6(move_pages), do_pages_move, 3.16-6.18")
public record MovePages(int mm, long start, long end, int node, boolean all) implements KernelStep {
    /** Pages that are isolated at once; the kernel's limit is of memory for its array. */
    static final long CHUNK = 512 * Frames.PAGE_SIZE;

    /** What the kernel does unasked, compaction for example: a stretch of pages goes anywhere. */
    public static MovePages anywhere(int mm, long start, long end) {
        return new MovePages(mm, start, end, MigratePages.ANYWHERE, true);
    }

    @Override
    public void run(Kernel kernel, Turn turn) {
        if (node >= kernel.nodes()) {
            turn.fail(Errno.ENODEV, "there is no such node");
            return;
        }
        turn.then(new Next(this, start));
    }

    /** The pages of the next stretch. */
    @Cites("mm/migrate.c: do_move_page_to_node_array, 3.16-4.15; do_move_pages_to_node, 6.1-6.18")
    record Next(MovePages what, long address) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long at = PageTables.nextMapped(kernel, what.mm, address, what.end);
            if (at == what.end) {
                turn.then(new Result(0, null));
                return;
            }
            long limit = Math.min(at + CHUNK, what.end);
            turn.then(
                    new MmapLock.Read(what.mm),
                    new MigratePages.Isolate(what.mm, at, limit, what.node, what.all),
                    new MmapLock.ReadUnlock(what.mm),
                    new MigratePages(what.mm, what.node),
                    new Next(what, limit));
        }
    }
}
