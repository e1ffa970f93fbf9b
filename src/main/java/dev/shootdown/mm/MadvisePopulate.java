package dev.shootdown.mm;

import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Turn;
import dev.shootdown.vocabulary.Errno;
import dev.shootdown.vocabulary.Signal;

/**
 * madvise's populate_read and populate_write: the pages of a range are made present as a read or a write would, without
 * one, page after page until one cannot be.
 */
@Cites("mm/madvise.c: madvise_populate; mm/gup.c: faultin_page_range, 5.14-6.18")
record MadvisePopulate(int mm, long address, long end, boolean write) implements KernelStep {
    /** Takes the lock. */
    @Cites("mm/madvise.c: madvise_populate, 5.14-6.18")
    record Begin(MadvisePopulate populate) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            turn.then(new MmapLock.Read(populate.mm), populate);
        }
    }

    @Override
    public void run(Kernel kernel, Turn turn) {
        long fault = turn.takeResult();
        turn.takeRemark();
        if (Outcome.failed(fault)) {
            boolean memory = Outcome.errno(fault) == Errno.ENOMEM;
            finish(kernel, turn, memory ? Errno.ENOMEM : Errno.EFAULT, memory ? "there is no memory for a page" : signal(fault));
            return;
        }
        long at = address;
        while (at < end) {
            Vma vma = kernel.vmas().at(mm, at);
            if (vma == null) {
                finish(kernel, turn, Errno.ENOMEM, "there is a hole in the range");
                return;
            }
            if (!vma.has(write ? Vma.WRITE : Vma.READ) || vma.has(Vma.PFNMAP)) {
                finish(kernel, turn, Errno.EINVAL, "the mapping does not permit it");
                return;
            }
            if (!Populate.touched(kernel, turn, mm, at, write)) {
                turn.then(
                        new HandleMmFault(mm, at, write ? Translation.WRITE : Translation.READ, false),
                        new Faulted(new MadvisePopulate(mm, at + Frames.PAGE_SIZE, end, write)));
                return;
            }
            at += Frames.PAGE_SIZE;
        }
        kernel.lru().drain(kernel.cpuOf(turn.actor()));
        turn.then(new MmapLock.ReadUnlock(mm), new Result(0, null));
    }

    /** A page that is there now counts as used. */
    @Cites("mm/gup.c: __get_user_pages, faultin_page_range, 5.14-6.18")
    record Faulted(MadvisePopulate next) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long page = next.address - Frames.PAGE_SIZE;
            if (kernel.lru().followed() && !Outcome.failed(turn.actor().result())) {
                Populate.accessed(kernel, turn, kernel.pte(next.mm, page));
            }
            turn.perform(next);
        }
    }

    private static String signal(long fault) {
        Signal signal = Outcome.signal(fault);
        return signal == null ? "a page cannot be made present" : "a page cannot be made present: " + signal.signal();
    }

    private void finish(Kernel kernel, Turn turn, Errno errno, String rule) {
        kernel.lru().drain(kernel.cpuOf(turn.actor()));
        turn.then(new MmapLock.ReadUnlock(mm), new Result(Outcome.of(errno), rule));
    }
}
