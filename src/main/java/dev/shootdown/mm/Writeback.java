package dev.shootdown.mm;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/**
 * Writes the dirty pages of a stretch of a file to its disk, and waits for it. Each page first loses its write
 * permission wherever it is mapped, so that whoever writes again says so by a fault. Shared memory has no disk.
 *
 * @param first page
 * @param end   behind the last page
 */
@Cites("mm/filemap.c: filemap_write_and_wait_range; mm/page-writeback.c: write_cache_pages, clear_page_dirty_for_io, 3.16-6.18")
record Writeback(int file, long first, long end) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        long frame = kernel.files().tmpfs(file) ? 0 : kernel.files().first(file, first);
        while (frame != 0 && !kernel.folios().has(frame, Folios.DIRTY)) {
            frame = kernel.files().first(file, kernel.folios().index(frame) + 1);
        }
        long index = frame == 0 ? end : kernel.folios().index(frame);
        if (index < end) {
            turn.then(new PageMkclean(frame), new Write(file, index), new Writeback(file, index + 1, end));
        }
    }

    /** The page is on the disk. */
    @Cites("mm/page-writeback.c: clear_page_dirty_for_io, end_page_writeback, 3.16-6.18")
    record Write(int file, long index) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long frame = kernel.files().frame(file, index);
            if (frame != 0) {
                kernel.folios().unmark(frame, Folios.DIRTY);
            }
        }
    }
}
