package dev.shootdown.mm;

import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.vocabulary.Errno;

/**
 * Sets the length of a file: the system call truncate. What lies beyond is unmapped, dropped from the page cache, and
 * unmapped once more for those who were faster.
 *
 * @param size in bytes
 */
@Cites("fs/ext4/inode.c: ext4_setattr; mm/shmem.c: shmem_setattr; mm/truncate.c: truncate_pagecache, 3.16-6.18")
public record Truncate(int file, long size) implements KernelStep {
    /** Bytes of a file system's block, as mke2fs chooses them for a small one: less than a page. */
    static final long BLOCK = 1024;

    @Override
    public void run(Kernel kernel, Turn turn) {
        if (size < 0) {
            turn.fail(Errno.EINVAL, "the length is negative");
            return;
        }
        long old = kernel.files().size(file);
        boolean tmpfs = kernel.files().tmpfs(file);
        kernel.files().size(file, size);
        boolean drops = tmpfs ? size < old : true;
        boolean unmaps = tmpfs ? old > pages(size) << Frames.PAGE_SHIFT : true;
        UnmapMappingRange unmap = new UnmapMappingRange(file, pages(size), UnmapMappingRange.TO_THE_END, true);
        turn.then(new Result(0, null));
        if (drops && unmaps) {
            turn.then(unmap, new TruncateInodePages(file, size, Long.MAX_VALUE), unmap);
        } else if (drops) {
            turn.then(new TruncateInodePages(file, size, Long.MAX_VALUE));
        }
        if (size > old && !tmpfs) {
            turn.then(new PagecacheIsizeExtended(file, old, size));
        }
    }

    /** How many pages hold so many bytes. */
    static long pages(long bytes) {
        return bytes + Frames.PAGE_SIZE - 1 >>> Frames.PAGE_SHIFT;
    }

    /**
     * The file has grown behind the middle of a page: its next write must fault, so that the file system gives it the
     * blocks that it lacks.
     */
    @Cites("mm/truncate.c: pagecache_isize_extended, 3.18-6.18")
    record PagecacheIsizeExtended(int file, long from, long to) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long rounded = from + BLOCK - 1 & -BLOCK;
            boolean inside = to > rounded && (rounded & Frames.PAGE_SIZE - 1) != 0;
            long frame = kernel.files().frame(file, rounded >>> Frames.PAGE_SHIFT);
            if (kernel.version().extensionCleans() && inside && frame != 0) {
                turn.then(new PageMkclean(frame));
            }
        }
    }
}
