package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.vocabulary.Errno;

/** The system call mincore. The result is 0, and the remark has a 1 for each page of the range that is in memory, else a 0. */
@Cites("mm/mincore.c: SYSCALL_DEFINE3(mincore), do_mincore, 3.16-6.18")
public record Mincore(int mm, long address, long length) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        if (!Ranges.aligned(address)) {
            turn.fail(Errno.EINVAL, "the address is not a multiple of the page size");
        } else if (Long.compareUnsigned(address, Ranges.taskSize(kernel)) > 0
                || Long.compareUnsigned(length, Ranges.taskSize(kernel) - address) > 0) {
            turn.fail(Errno.ENOMEM, "the range goes beyond the end of user space");
        } else {
            turn.then(new MmapLock.Read(mm), new Pages(mm, address, address + Ranges.align(length)), new MmapLock.ReadUnlock(mm));
        }
    }

    /** Looks at each page: at its entry, and where that is empty at the page cache. */
    @Cites("mm/mincore.c: mincore_pte_range, mincore_unmapped_range, mincore_page, can_do_mincore, 3.16-6.18")
    record Pages(int mm, long start, long end) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            StringBuilder vector = new StringBuilder();
            for (long at = start; at < end; at += Frames.PAGE_SIZE) {
                Vma vma = kernel.vmas().at(mm, at);
                if (vma == null) {
                    turn.fail(Errno.ENOMEM, "there is a hole in the range");
                    return;
                }
                vector.append(resident(kernel, vma, at) ? '1' : '0');
            }
            turn.result(0);
            turn.remark(vector.toString());
        }

        private boolean resident(Kernel kernel, Vma vma, long at) {
            long entry = kernel.pte(mm, at);
            if (entry == 0 || SwapEntry.guard(entry)) {
                return vma.file() != 0 && kernel.files().frame(vma.file(), vma.index(at)) != 0;
            }
            if (Entry.mapped(entry)) {
                return true;
            }
            return SwapEntry.migrating(entry) || SwapEntry.swapped(entry) && kernel.swap().frame(SwapEntry.offset(entry)) != 0;
        }
    }
}
