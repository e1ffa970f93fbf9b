package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Turn;

/**
 * madvise's mergeable and unmergeable of a stretch of one mapping, with the lock held for writing. What was merged there
 * is taken apart by faults, before it says so of itself.
 */
@Cites("mm/ksm.c: ksm_madvise, unmerge_ksm_pages, 3.16-6.18")
record MadviseMergeable(Vma vma, long start, long end, Advice advice) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        boolean merge = advice == Advice.MERGEABLE;
        if (passed(vma, merge)) {
            return;
        }
        turn.then(new MadviseFlags(vma, start, end, advice));
        if (!merge && vma.anon() != 0) {
            turn.then(new BreakKsm(vma.mm(), start, end));
        }
    }

    /** Whether a mapping is passed over: nothing of it can be merged, or it is as it is to be. */
    static boolean passed(Vma vma, boolean merge) {
        long never = Vma.SHARED | Vma.MAYSHARE | Vma.PFNMAP | Vma.DONTEXPAND | Vma.HUGETLB | Vma.MIXEDMAP;
        return vma.has(Vma.MERGEABLE) == merge || merge && vma.has(never);
    }

    /** The next merged page is copied, as by a write. */
    @Cites("mm/ksm.c: break_ksm, 3.16-6.18")
    record BreakKsm(int mm, long address, long end) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            if (Outcome.failed(turn.takeResult())) {
                return;
            }
            long at = PageTables.nextMapped(kernel, mm, address, end);
            while (at != end && !merged(kernel, at)) {
                at = PageTables.nextMapped(kernel, mm, at + Frames.PAGE_SIZE, end);
            }
            if (at != end) {
                turn.then(new HandleMmFault(mm, at, Translation.WRITE, true), new BreakKsm(mm, at + Frames.PAGE_SIZE, end));
            }
        }

        private boolean merged(Kernel kernel, long at) {
            long entry = kernel.pte(mm, at);
            return Entry.mapped(entry) && kernel.folios().has(Entry.frame(entry), Folios.KSM);
        }
    }
}
