package dev.shootdown.mm;

import dev.shootdown.notifier.NotifyEnd;
import dev.shootdown.notifier.NotifyStart;
import dev.shootdown.notifier.Reason;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Turn;
import dev.shootdown.vocabulary.Errno;

/**
 * The OOM reaper takes what it can of the memory of a process that was killed and does not go: private mappings, one after
 * the other, without waiting for anybody. The result is 0, or EAGAIN if a subscriber has refused one.
 */
@Cites("mm/oom_kill.c: oom_reap_task_mm, 4.6-6.18")
public record OomReap(int mm) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        if (!kernel.version().hasOomReaper()) {
            turn.fail(Errno.ENOSYS, "this kernel has no OOM reaper");
        } else if (!kernel.alive(mm)) {
            turn.fail(Errno.ESRCH, "the process is gone");
        } else if (kernel.version().oomReaperSparesNotifiers() && kernel.notifier().active(mm)) {
            turn.fail(Errno.EAGAIN, "this kernel does not reap what somebody else has translations of");
        } else {
            turn.then(new MmapLock.Read(mm), new Next(mm, 0, false));
        }
    }

    /** The next private mapping, whose notification may not block. */
    @Cites("mm/oom_kill.c: __oom_reap_task_mm, 4.6-6.18; mmu_notifier_invalidate_range_start_nonblock, 5.0-6.18")
    record Next(int mm, long from, boolean refused) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            Vma vma = kernel.vmas().find(mm, from);
            while (vma != null && (vma.has(Vma.HUGETLB | Vma.PFNMAP) || vma.file() != 0 && vma.has(Vma.SHARED))) {
                vma = kernel.vmas().find(mm, vma.end());
            }
            if (vma == null) {
                long result = refused ? Outcome.of(Errno.EAGAIN) : 0;
                turn.then(new MmapLock.ReadUnlock(mm), new Result(result, refused ? "a subscriber would have had to wait" : null));
                return;
            }
            turn.then(
                    new Munmap.Begin(mm, vma.start(), vma.end()),
                    new NotifyStart(mm, vma.start(), vma.end(), Reason.UNMAP, false),
                    new Reap(vma, refused));
        }
    }

    /** Nobody has refused: its pages go. */
    @Cites("mm/oom_kill.c: __oom_reap_task_mm, unmap_page_range, 4.6-6.18")
    record Reap(Vma vma, boolean refused) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            boolean no = Outcome.failed(turn.takeResult());
            turn.takeRemark();
            turn.then(new GatherStep.TlbFinishMmu(vma.start(), vma.end()), new Next(vma.mm(), vma.end(), refused || no));
            if (!no) {
                turn.then(
                        new Zap.UnmapPageRange(vma, vma.start(), vma.end()),
                        new NotifyEnd(vma.mm(), vma.start(), vma.end(), Reason.UNMAP, false, false));
            }
        }
    }
}
