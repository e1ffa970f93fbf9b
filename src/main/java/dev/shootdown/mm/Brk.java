package dev.shootdown.mm;

import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/**
 * The system call brk. The result is the end of the heap: the one asked for, or the old one where it cannot be.
 *
 * @param address the new end of the heap
 */
@Cites("mm/mmap.c: SYSCALL_DEFINE1(brk), 3.16-6.18")
public record Brk(int mm, long address) implements KernelStep {
    /** VM_DATA_DEFAULT_FLAGS, which is accounted. */
    private static final long FLAGS = Vma.READ | Vma.WRITE | Vma.MAYREAD | Vma.MAYWRITE | Vma.MAYEXEC | Vma.ACCOUNT;

    @Override
    public void run(Kernel kernel, Turn turn) {
        turn.then(new MmapLock.Write(mm), new Locked(mm, address));
    }

    /** With the lock held: grows, shrinks, or stays. */
    @Cites("mm/mmap.c: SYSCALL_DEFINE1(brk), 3.16-6.18")
    record Locked(int mm, long address) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long now = kernel.programBreak(mm);
            long old = Ranges.align(now);
            long next = Ranges.align(address);
            boolean bad = address < kernel.heap(mm) || kernel.heap(mm) == 0 || !kernel.limits().mayEndHeap(mm, address)
                    || next > old && (next > KernelVersion.TASK_SIZE || taken(kernel, old, next) || limited(kernel, next - old >>> Frames.PAGE_SHIFT));
            if (bad) {
                turn.then(new MmapLock.WriteUnlock(mm), new Result(now, null));
            } else if (next < old) {
                kernel.programBreak(mm, address);
                turn.then(
                        new Munmap.DoMunmap(mm, next, old - next, kernel.version().munmapDowngrades(), true),
                        new Result(address, null));
            } else {
                kernel.programBreak(mm, address);
                turn.then(new MmapLock.WriteUnlock(mm), new Result(address, null));
                if (next > old) {
                    turn.then(new Grow(mm, old, next));
                }
            }
        }

        /** do_brk_flags(): whether so many pages more are too many. */
        private boolean limited(Kernel kernel, long pages) {
            MemoryLimits limits = kernel.limits();
            return !limits.mayExpand(mm, FLAGS, pages) || kernel.vmas().count(mm) > limits.mapCount() || !limits.mayCommit(pages);
        }

        /** Whether the next mapping is in the way, or too near. */
        private boolean taken(Kernel kernel, long old, long next) {
            Vma above = kernel.vmas().find(mm, old);
            return above != null && next + Frames.PAGE_SIZE > above.start();
        }
    }

    /** The heap's mapping grows, or is made. */
    @Cites("mm/mmap.c: do_brk_flags, 3.16-6.18")
    record Grow(int mm, long start, long end) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            Vma wanted = new Vma(mm, start, end, FLAGS, start >>> Frames.PAGE_SHIFT, 0, 0, false);
            turn.perform(new Mmap.Insert(wanted));
        }
    }
}
