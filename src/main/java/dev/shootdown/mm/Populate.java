package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Turn;

/**
 * Makes the pages of a range present without touching them: written to where the mapping is writable and private,
 * read else. Failures are not told; the result is the given one.
 */
@Cites("mm/gup.c: __mm_populate, populate_vma_page_range, 3.16-6.18")
record Populate(int mm, long address, long end, long result) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        turn.then(new MmapLock.Read(mm), new Next(mm, address, end), new MmapLock.ReadUnlock(mm), new Done(result));
    }

    /** Faults the next page in that lacks something. */
    @Cites("mm/gup.c: faultin_page, 3.16-6.18")
    record Next(int mm, long address, long end) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            if (Outcome.failed(turn.takeResult())) {
                return;
            }
            long at = address;
            while (at < end) {
                Vma vma = kernel.vmas().at(mm, at);
                if (vma == null || !vma.has(Vma.PROTECTION)) {
                    return;
                }
                boolean write = (vma.flags() & (Vma.WRITE | Vma.SHARED)) == Vma.WRITE;
                long entry = kernel.pte(mm, at);
                if (!Entry.present(entry) || write && !Entry.writable(entry)) {
                    int access = write ? Translation.WRITE : vma.has(Vma.EXEC) && !vma.has(Vma.READ) ? Translation.EXECUTE : Translation.READ;
                    turn.then(new HandleMmFault(mm, at, access, false), new Next(mm, at + Frames.PAGE_SIZE, end));
                    return;
                }
                at += Frames.PAGE_SIZE;
            }
        }
    }

    /** Leaves the call's own result. */
    @Cites("mm/mmap.c: vm_mmap_pgoff, 3.16-6.18")
    record Done(long result) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            turn.takeResult();
            turn.takeRemark();
            turn.result(result);
        }
    }
}
