package dev.shootdown.mm;

import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.vocabulary.Errno;

/**
 * Punches a hole into a file: fallocate with FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE. Pages that lie wholly in it are
 * unmapped, but for private copies, and dropped from the page cache.
 *
 * @param start  in bytes
 * @param length in bytes
 */
@Cites("fs/open.c: vfs_fallocate; fs/ext4/inode.c: ext4_punch_hole; mm/shmem.c: shmem_fallocate, 3.16-6.18")
public record Punch(int file, long start, long length) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        if (start < 0 || length <= 0) {
            turn.fail(Errno.EINVAL, "the offset is negative or the length not positive");
            return;
        }
        if (kernel.files().sealedAgainstWrites(file)) {
            turn.fail(Errno.EPERM, "the file is sealed against writes");
            return;
        }
        boolean tmpfs = kernel.files().tmpfs(file);
        turn.then(new Result(0, null));
        long size = kernel.files().size(file);
        if (tmpfs) {
            hole(turn, start, start + length);
        } else if (start < size) {
            long end = Math.min(start + length, Truncate.pages(size) << Frames.PAGE_SHIFT);
            long from = start + Truncate.BLOCK - 1 & -Truncate.BLOCK;
            long to = end & -Truncate.BLOCK;
            if (to > from) {
                hole(turn, from, to);
            }
            if (kernel.version().punchWritesBack()) {
                turn.then(new Writeback(file, start >>> Frames.PAGE_SHIFT, Truncate.pages(end)));
            }
        }
    }

    private void hole(Turn turn, long from, long to) {
        long first = Truncate.pages(from);
        long last = to >>> Frames.PAGE_SHIFT;
        turn.then(new TruncateInodePages(file, from, to));
        if (last > first) {
            turn.then(new UnmapMappingRange(file, first, last, false));
        }
    }
}
