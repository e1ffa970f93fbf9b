package dev.shootdown.mm;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/** The system call fsync: a file's dirty pages go to its disk. The result is 0. */
@Cites("fs/sync.c: do_fsync, vfs_fsync_range, 3.16-6.18")
public record Fsync(int file) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        turn.then(new Writeback(file, 0, Truncate.pages(kernel.files().size(file))), new Result(0, null));
    }
}
