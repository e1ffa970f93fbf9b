package dev.shootdown.mm;

import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/**
 * Takes the pages of a stretch of a file out of the page cache, one a step. Of a page that lies in it only in part, that
 * part becomes zeros.
 *
 * @param start in bytes
 * @param end   in bytes; {@link Long#MAX_VALUE} where it is the end of the file
 */
@Cites("mm/truncate.c: truncate_inode_pages_range; mm/shmem.c: shmem_undo_range, 3.16-6.18")
record TruncateInodePages(int file, long start, long end) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        long from = Truncate.pages(start);
        long to = end >>> Frames.PAGE_SHIFT;
        zero(kernel, start, Math.min(end, from << Frames.PAGE_SHIFT));
        if (to >= from && end != Long.MAX_VALUE) {
            zero(kernel, Math.max(start, to << Frames.PAGE_SHIFT), end);
        }
        kernel.files().forgetStored(file, from, to);
        next(kernel, turn, file, from, to);
    }

    private void zero(Kernel kernel, long from, long to) {
        long frame = kernel.files().frame(file, from >>> Frames.PAGE_SHIFT);
        for (long at = from; frame != 0 && at < to; at++) {
            kernel.frames().byteAt(frame, (int) (at & Frames.PAGE_SIZE - 1), 0);
        }
        if (frame != 0 && from < to && kernel.files().tmpfs(file)) {
            // There is no disk on which the zeros could stand.
            kernel.folios().mark(frame, Folios.DIRTY);
        }
    }

    private static void next(Kernel kernel, Turn turn, int file, long from, long to) {
        long frame = kernel.files().first(file, from);
        if (frame != 0 && kernel.folios().index(frame) < to) {
            turn.then(new Drop(file, kernel.folios().index(frame), to));
        }
    }

    /** One page goes; if somebody has mapped it meanwhile, it is unmapped first. */
    @Cites("mm/truncate.c: truncate_inode_page, 3.16-5.15; truncate_inode_folio, truncate_cleanup_folio, 6.1-6.18")
    record Drop(int file, long index, long end) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long frame = kernel.files().frame(file, index);
            if (frame != 0 && kernel.frames().mappings(frame) > 0) {
                turn.then(new UnmapMappingRange(file, index, index + 1, false), this);
                return;
            }
            next(kernel, turn, file, index + 1, end);
            if (frame != 0) {
                kernel.lru().drain(kernel.cpuOf(turn.actor()));
                kernel.files().remove(file, index);
                Free.page(kernel, turn, 0, frame);
            }
        }
    }
}
