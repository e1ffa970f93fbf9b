package dev.shootdown.mm;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Turn;

/**
 * Gives a stretch of one mapping other flags: as one with a neighbour where that can be, else cut out of its mapping. The
 * result is ENOMEM where it cannot be cut out.
 */
@Cites("mm/madvise.c: madvise_update_vma, 3.16-6.18; mm/mlock.c: mlock_fixup, 3.16-6.18; mm/vma.c: vma_modify_flags, 6.18")
record ChangeVmaFlags(int mm, long start, long end, long flags) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        turn.takeResult();
        Vma vma = kernel.vmas().at(mm, start);
        if (vma.flags() == flags) {
            return;
        }
        Merge merge = Merge.of(kernel, vma.part(start, end).withFlags(flags), vma);
        if (merge.possible()) {
            if (merge.startWrite(turn, this)) {
                kernel.vmas().changed(turn, "merge", merge.join());
                SplitHugePmd.edges(kernel, turn, vma, start, end);
            }
        } else {
            turn.then(new Mprotect.Split(mm, start), new Mprotect.Split(mm, end), new Set(mm, start, flags));
        }
    }

    /** The stretch is a mapping of its own, and has its flags. */
    @Cites("mm/madvise.c: madvise_update_vma, 3.16-6.18; mm/mlock.c: mlock_fixup, 3.16-6.18")
    record Set(int mm, long start, long flags) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            Vma vma = kernel.vmas().at(mm, start);
            if (!Outcome.failed(turn.actor().result()) && VmaLock.startWrite(kernel, turn, vma, this)) {
                kernel.vmas().replace(vma, vma.withFlags(flags));
            }
        }
    }
}
