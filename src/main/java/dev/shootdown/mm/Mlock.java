package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Turn;
import dev.shootdown.vocabulary.Errno;

/**
 * The system calls mlock, mlock2 and munlock. The result is 0. The mappings before a hole keep what they were given, and what
 * is locked but cannot be made present stays locked.
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
        } else if (flags != 0 && !kernel.canLock(mm)) {
            turn.fail(Errno.EPERM, "RLIMIT_MEMLOCK is 0");
        } else {
            turn.then(new MmapLock.Write(mm), new Locked(mm, start, end, flags));
        }
    }

    /** Looks whether so much may be locked; what is locked already does not count twice. */
    @Cites("mm/mlock.c: do_mlock, count_mm_mlocked_page_nr, 3.16-6.18")
    record Locked(int mm, long start, long end, long flags) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long locked = 0;
            // Of a range that wraps around none counts: the limit is looked at first.
            for (Vma vma : kernel.vmas().overlapping(mm, start, end)) {
                locked += vma.has(Vma.LOCKED) ? Math.min(vma.end(), end) - Math.max(vma.start(), start) : 0;
            }
            if (flags != 0 && !kernel.mayLock(mm, end - start - locked >>> Frames.PAGE_SHIFT)) {
                turn.then(new MmapLock.WriteUnlock(mm), new Result(Outcome.of(Errno.ENOMEM), "more would be locked than RLIMIT_MEMLOCK allows"));
            } else if (Long.compareUnsigned(end, start) < 0) {
                turn.then(new MmapLock.WriteUnlock(mm), new Result(Outcome.of(Errno.EINVAL), "the range wraps around"));
            } else if (start < end && kernel.vmas().find(mm, start) == null) {
                turn.then(new MmapLock.WriteUnlock(mm), new Result(Outcome.of(Errno.ENOMEM), "nothing is mapped there"));
            } else {
                turn.then(new Next(mm, start, start, end, flags));
            }
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
                turn.then(new MmapLock.WriteUnlock(mm), flags == 0 ? new Result(0, null) : new Populate(mm, start, end, 0, false));
            } else if (vma == null) {
                turn.then(new MmapLock.WriteUnlock(mm), new Result(Outcome.of(Errno.ENOMEM), "there is a hole in the range"));
            } else {
                long to = Math.min(vma.end(), end);
                turn.then(new Next(mm, start, to, end, flags));
                if (!vma.has(Vma.SPECIAL | Vma.HUGETLB | Vma.DROPPABLE)) {
                    mark(kernel, turn, vma, to);
                    turn.then(new ChangeVmaFlags(mm, at, to, vma.flags() & ~FLAGS | flags));
                }
            }
        }

        /** mlock_vma_pages_range(): the pages that are there leave the lists of reclaim, or come back. */
        private void mark(Kernel kernel, Turn turn, Vma vma, long to) {
            boolean locks = (flags & Vma.LOCKED) != 0;
            if (!kernel.lru().followed() || vma.has(Vma.LOCKED) == locks) {
                return;
            }
            kernel.lru().drain(kernel.cpuOf(turn.actor()));
            for (long address = at; address < to; address += Frames.PAGE_SIZE) {
                long entry = kernel.pte(mm, address);
                if (Entry.mapped(entry) && (entry & Entry.SPECIAL) == 0) {
                    kernel.lru().locked(Entry.frame(entry), locks);
                }
            }
        }
    }
}
