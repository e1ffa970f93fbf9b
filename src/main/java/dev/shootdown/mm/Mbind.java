package dev.shootdown.mm;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.vocabulary.Errno;
import java.util.ArrayList;
import java.util.List;

/**
 * The system call mbind with MPOL_BIND and MPOL_MF_MOVE: from now on the pages of a range come from a node, and those that
 * nobody else maps are moved there. The result is 0.
 */
@Cites("mm/mempolicy.c: do_mbind, 3.16-6.18")
public record Mbind(int mm, long address, long length, int node) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        long end = address + Ranges.align(length);
        if (!Ranges.aligned(address) || Long.compareUnsigned(end, address) < 0) {
            turn.fail(Errno.EINVAL, "the address is not a multiple of the page size, or the range wraps around");
        } else if (node < 0 || node >= kernel.nodes()) {
            turn.fail(Errno.EINVAL, "there is no such node");
        } else if (end == address) {
            turn.result(0);
        } else {
            turn.then(new MmapLock.Write(mm), new Policy(mm, address, end, node));
        }
    }

    /** The mappings get the policy; a hole refuses it before anything changes. */
    @Cites("mm/mempolicy.c: queue_pages_range, mbind_range, 3.16-6.18")
    record Policy(int mm, long start, long end, int node) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            if (hole(kernel)) {
                turn.then(new MmapLock.WriteUnlock(mm), new Result(Outcome.of(Errno.EFAULT), "there is a hole in the range"));
                return;
            }
            if (!VmaLock.startWrite(kernel, turn, kernel.vmas().overlapping(mm, start, end), this)) {
                return;
            }
            List<Step> steps = new ArrayList<>();
            steps.add(new Munmap.SplitVma(mm, start));
            steps.add(new Munmap.SplitVma(mm, end));
            steps.add(new Set(mm, start, end, node));
            boolean unlocksFirst = kernel.version().mbindUnlocksFirst();
            for (long at = start; at < end; at += MovePages.CHUNK) {
                long limit = Math.min(at + MovePages.CHUNK, end);
                steps.add(new MigratePages.Isolate(mm, at, limit, node, false));
                steps.add(new MigratePages(mm, node));
            }
            if (unlocksFirst) {
                steps.add(4, new MmapLock.WriteUnlock(mm));
            } else {
                steps.add(new MmapLock.WriteUnlock(mm));
            }
            steps.add(new Result(0, null));
            turn.then(steps);
        }

        private boolean hole(Kernel kernel) {
            long at = start;
            while (at < end) {
                Vma vma = kernel.vmas().at(mm, at);
                if (vma == null) {
                    return true;
                }
                at = vma.end();
            }
            return false;
        }
    }

    /** Each mapping of the range has the policy. */
    @Cites("mm/mempolicy.c: vma_replace_policy, 3.16-6.18")
    record Set(int mm, long start, long end, int node) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            for (Vma vma : kernel.vmas().overlapping(mm, start, end)) {
                kernel.vmas().replace(vma, vma.withPolicy(node));
            }
        }
    }
}
