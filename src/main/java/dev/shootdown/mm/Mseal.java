package dev.shootdown.mm;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Turn;
import dev.shootdown.vocabulary.Errno;

/** The system call mseal: mappings of a range may not be changed or taken away any more. The result is 0. */
@Cites("mm/mseal.c: do_mseal, 6.10-6.18")
public record Mseal(int mm, long address, long length) implements KernelStep {
    /** The rule that whoever changes a sealed mapping breaks. */
    static final String RULE = "the mapping is sealed";

    @Override
    public void run(Kernel kernel, Turn turn) {
        long end = address + Ranges.align(length);
        if (!kernel.version().hasMseal()) {
            turn.fail(Errno.ENOSYS, "this kernel has no mseal");
        } else if (!Ranges.aligned(address)) {
            turn.fail(Errno.EINVAL, "the address is not a multiple of the page size");
        } else if (length != 0 && Ranges.align(length) == 0 || Long.compareUnsigned(end, address) < 0) {
            turn.fail(Errno.EINVAL, "the range wraps around");
        } else if (end == address) {
            turn.result(0);
        } else {
            turn.then(new MmapLock.Write(mm), new Look(mm, address, end));
        }
    }

    /** Whether any mapping of [start, end) is sealed. */
    static boolean sealed(Kernel kernel, int mm, long start, long end) {
        return kernel.version().hasMseal() && kernel.vmas().overlapping(mm, start, end).stream().anyMatch(vma -> vma.has(Vma.SEALED));
    }

    /** Looks whether all of the range is mapped. */
    @Cites("mm/mseal.c: range_contains_unmapped, 6.17-6.18")
    record Look(int mm, long start, long end) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long at = start;
            for (Vma vma : kernel.vmas().overlapping(mm, start, end)) {
                at = vma.start() <= at ? vma.end() : at;
            }
            if (at < end) {
                turn.then(new MmapLock.WriteUnlock(mm), new Result(Outcome.of(Errno.ENOMEM), "there is a hole in the range"));
            } else {
                turn.then(new Next(mm, start, end));
            }
        }
    }

    /** One mapping of the range, then the next. */
    @Cites("mm/mseal.c: mseal_apply, 6.10-6.18")
    record Next(int mm, long at, long end) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long before = turn.takeResult();
            if (Outcome.failed(before) || at >= end) {
                turn.then(new MmapLock.WriteUnlock(mm), new Result(before, turn.takeRemark()));
                return;
            }
            Vma vma = kernel.vmas().at(mm, at);
            long to = Math.min(vma.end(), end);
            turn.then(new ChangeVmaFlags(mm, at, to, vma.flags() | Vma.SEALED), new Next(mm, to, end));
        }
    }
}
