package dev.shootdown.mm;

import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import dev.shootdown.vocabulary.Errno;

/**
 * The system call pwrite: writes into a file through the page cache, page after page; a file that ends before grows. The
 * result is how many bytes were written.
 *
 * @param mm      of whoever writes
 * @param offset  in bytes
 * @param content one byte for each character
 * @param written how many of them are written already; 0 to begin with
 */
@Cites("mm/filemap.c: generic_perform_write; fs/ext4/inode.c: ext4_da_write_begin, ext4_da_write_end; mm/shmem.c, 3.16-6.18")
public record Pwrite(int mm, int file, long offset, String content, int written) implements KernelStep {
    public Pwrite(int mm, int file, long offset, String content) {
        this(mm, file, offset, content, 0);
    }

    @Override
    public void run(Kernel kernel, Turn turn) {
        if (offset < 0) {
            turn.fail(Errno.EINVAL, "the offset is negative");
            return;
        }
        if (kernel.files().sealedAgainstWrites(file) && !content.isEmpty()) {
            turn.fail(Errno.EPERM, "the file is sealed against writes");
            return;
        }
        if (written == content.length()) {
            turn.then(new Result(written, null));
            return;
        }
        long at = offset + written;
        long frame = frame(kernel, turn, at >>> Frames.PAGE_SHIFT);
        if (frame == 0) {
            turn.fail(Errno.ENOMEM, "there is no memory for a page");
            return;
        }
        int from = (int) (at & Frames.PAGE_SIZE - 1);
        int length = (int) Math.min(Frames.PAGE_SIZE - from, content.length() - written);
        for (int i = 0; i < length; i++) {
            kernel.frames().byteAt(frame, from + i, content.charAt(written + i) & 0xff);
        }
        kernel.folios().mark(frame, Folios.DIRTY);
        turn.then(new Pwrite(mm, file, offset, content, written + length));
        grow(kernel, turn, at, at + length);
    }

    private long frame(Kernel kernel, Turn turn, long index) {
        long known = kernel.files().frame(file, index);
        if (known != 0) {
            kernel.lru().accessed(kernel.cpuOf(turn.actor()), known);
            return known;
        }
        long frame = kernel.files().add(file, index);
        if (frame != 0) {
            kernel.lru().written(kernel.cpuOf(turn.actor()), frame);
            turn.emit(Kind.PAGE_ALLOC, () -> new Event.PageAlloc(kernel.name(mm), frame, 0, kernel.name(file)));
        }
        return frame;
    }

    private void grow(Kernel kernel, Turn turn, long from, long end) {
        long old = kernel.files().size(file);
        if (end <= old) {
            return;
        }
        kernel.files().size(file, end);
        if (old < from && !kernel.files().tmpfs(file)) {
            turn.then(new Truncate.PagecacheIsizeExtended(file, old, from));
        }
    }
}
