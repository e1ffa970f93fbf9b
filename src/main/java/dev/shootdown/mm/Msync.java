package dev.shootdown.mm;

import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Turn;
import dev.shootdown.vocabulary.Errno;

/**
 * The system call msync: with {@link #SYNC} the dirty pages of the files that are mapped shared in a range go to their disks.
 * The result is 0; holes are passed over, and make it ENOMEM at the end.
 *
 * @param flags the constants below, which are those of include/uapi/asm-generic/mman-common.h
 */
@Cites("mm/msync.c: SYSCALL_DEFINE3(msync), 3.16-6.18")
public record Msync(int mm, long address, long length, long flags) implements KernelStep {
    public static final long ASYNC = 1;
    public static final long INVALIDATE = 2;
    public static final long SYNC = 4;

    @Override
    public void run(Kernel kernel, Turn turn) {
        long end = address + Ranges.align(length);
        if ((flags & ~(ASYNC | INVALIDATE | SYNC)) != 0 || (flags & (ASYNC | SYNC)) == (ASYNC | SYNC)) {
            turn.fail(Errno.EINVAL, "the flags are unknown or do not go together");
        } else if (!Ranges.aligned(address)) {
            turn.fail(Errno.EINVAL, "the address is not a multiple of the page size");
        } else if (Long.compareUnsigned(end, address) < 0) {
            turn.fail(Errno.ENOMEM, "the range wraps around");
        } else if (end == address) {
            turn.result(0);
        } else {
            turn.then(new MmapLock.Read(mm), new Next(mm, address, end, flags, false));
        }
    }

    /** One mapping; the lock is let go while its file is written, and the next one is looked for afterwards. */
    @Cites("mm/msync.c: SYSCALL_DEFINE3(msync), 3.16-6.18")
    record Next(int mm, long from, long end, long flags, boolean holes) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            Vma vma = kernel.vmas().find(mm, from);
            boolean missing = holes || vma == null || vma.start() > from;
            if (vma == null || vma.start() >= end || vma.start() > from && flags == ASYNC) {
                turn.then(new MmapLock.ReadUnlock(mm), result(missing));
                return;
            }
            if ((flags & INVALIDATE) != 0 && vma.has(Vma.LOCKED)) {
                turn.then(new MmapLock.ReadUnlock(mm), new Result(Outcome.of(Errno.EBUSY), "what is locked cannot be made invalid"));
                return;
            }
            long at = Math.max(from, vma.start());
            long to = Math.min(vma.end(), end);
            boolean more = to < end;
            turn.then(more ? new Next(mm, to, end, flags, missing) : result(missing));
            if (vma.file() == 0 || !vma.has(Vma.SHARED) || (flags & SYNC) == 0) {
                if (!more) {
                    turn.then(new MmapLock.ReadUnlock(mm));
                }
                return;
            }
            if (more) {
                turn.then(new MmapLock.Read(mm));
            }
            long first = vma.index(at);
            turn.then(new MmapLock.ReadUnlock(mm), new Writeback(vma.file(), first, first + (to - at >>> Frames.PAGE_SHIFT)));
        }

        private static Result result(boolean missing) {
            return missing ? new Result(Outcome.of(Errno.ENOMEM), "there is a hole in the range") : new Result(0, null);
        }
    }
}
