package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Turn;
import dev.shootdown.vocabulary.Errno;

/**
 * The system calls mlock, mlock2 and munlock. The result is 0. The mappings before a hole keep what they were given. There
 * is no limit: the caller may lock what it likes (CAP_IPC_LOCK).
 *
 * @param flags {@link Vma#LOCKED}, with {@link Vma#LOCKONFAULT} for pages only from when they are used; 0 unlocks
 */
@Cites("mm/mlock.c: do_mlock, SYSCALL_DEFINE2(munlock), 3.16-6.18; SYSCALL_DEFINE3(mlock2), 4.4-6.18")
public record Mlock(int mm, long address, long length, long flags) implements KernelStep {
    private static final long FLAGS = Vma.LOCKED | Vma.LOCKONFAULT;

    @Override
    public void run(Kernel kernel, Turn turn) {
        long start = address & -Frames.PAGE_SIZE;
        long end = start + Ranges.align(length + (address - start));
        if ((flags & Vma.LOCKONFAULT) != 0 && !kernel.version().hasMlock2()) {
            turn.fail(Errno.ENOSYS, "this kernel has no mlock2");
        } else if (Long.compareUnsigned(end, start) < 0) {
            turn.fail(Errno.EINVAL, "the range wraps around");
        } else {
            turn.then(new MmapLock.Write(mm), new Next(mm, start, start, end, flags));
        }
    }

    /** One mapping of the range, then the next. */
    @Cites("mm/mlock.c: do_mlock, 3.16-3.19; apply_vma_lock_flags, mlock_fixup, 4.15-6.18")
    record Next(int mm, long start, long at, long end, long flags) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long before = turn.takeResult();
            Vma vma = kernel.vmas().at(mm, at);
            if (Outcome.failed(before)) {
                turn.then(new MmapLock.WriteUnlock(mm), new Result(before, turn.takeRemark()));
            } else if (at >= end) {
                turn.then(new MmapLock.WriteUnlock(mm), flags == 0 ? new Result(0, null) : new Pages(mm, start, end));
            } else if (vma == null) {
                turn.then(new MmapLock.WriteUnlock(mm), new Result(Outcome.of(Errno.ENOMEM), "there is a hole in the range"));
            } else {
                long to = Math.min(vma.end(), end);
                turn.then(new Next(mm, start, to, end, flags));
                if (!vma.has(Vma.SPECIAL | Vma.HUGETLB)) {
                    turn.then(new ChangeVmaFlags(mm, at, to, vma.flags() & ~FLAGS | flags));
                }
            }
        }
    }

    /** What is locked is made present, after the lock was let go: as by a write where the mapping is private and writable. */
    @Cites("mm/gup.c: __mm_populate, populate_vma_page_range; mm/mlock.c: __mlock_posix_error_return, 3.16-6.18")
    record Pages(int mm, long at, long end) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            turn.then(new MmapLock.Read(mm), new Page(mm, at, end));
        }
    }

    /** Faults the next page in that lacks something; the first one that cannot be ends the call. */
    @Cites("mm/gup.c: populate_vma_page_range, faultin_page, 3.16-6.18")
    record Page(int mm, long address, long end) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long fault = turn.takeResult();
            turn.takeRemark();
            if (Outcome.failed(fault)) {
                boolean memory = Outcome.errno(fault) == Errno.ENOMEM;
                finish(turn, Outcome.of(memory ? Errno.EAGAIN : Errno.ENOMEM), memory ? "there is no memory for a page" : "a page cannot be made present");
                return;
            }
            long at = address;
            while (at < end) {
                Vma vma = kernel.vmas().find(mm, at);
                at = vma == null ? end : Math.max(at, vma.start());
                if (at < end && vma.has(Vma.LOCKONFAULT | Vma.PFNMAP)) {
                    at = vma.end();
                } else if (at < end && !vma.has(Vma.PROTECTION)) {
                    finish(turn, Outcome.of(Errno.ENOMEM), "a mapping permits nothing, so that its pages cannot be made present");
                    return;
                } else if (at < end && fault(kernel, turn, vma, at)) {
                    return;
                } else {
                    at += Frames.PAGE_SIZE;
                }
            }
            finish(turn, 0, null);
        }

        private boolean fault(Kernel kernel, Turn turn, Vma vma, long at) {
            boolean write = (vma.flags() & (Vma.WRITE | Vma.SHARED)) == Vma.WRITE;
            long entry = kernel.pte(mm, at);
            if (Entry.present(entry) && (!write || Entry.writable(entry))) {
                return false;
            }
            int access = write ? Translation.WRITE : vma.has(Vma.READ) ? Translation.READ : vma.has(Vma.EXEC) ? Translation.EXECUTE : Translation.WRITE;
            turn.then(new HandleMmFault(mm, at, access, false), new Page(mm, at + Frames.PAGE_SIZE, end));
            return true;
        }

        private void finish(Turn turn, long result, String rule) {
            turn.then(new MmapLock.ReadUnlock(mm), new Result(result, rule));
        }
    }
}
