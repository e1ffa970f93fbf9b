package dev.shootdown.mm;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Turn;

/** madvise's collapse of a stretch of one mapping: what small pages there are becomes huge ones, whatever the machine says in general. */
@Cites("mm/khugepaged.c: madvise_collapse, 6.1-6.18")
record MadviseCollapse(Vma vma, long start, long end) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        long first = Thp.start(start + Thp.SIZE - 1);
        long last = Thp.start(end);
        kernel.lru().drain(kernel.cpuOf(turn.actor()));
        // A range without a multiple of two megabytes in it ends before it begins, and fewer than all of it were collapsed.
        // Of shared memory nothing is found to collapse: it has no huge pages here.
        boolean nothing = last < first || vma.file() != 0 && first < last;
        turn.then(new Next(vma.mm(), first, nothing ? first : last, nothing ? CollapseResult.FAIL : CollapseResult.SUCCEED));
    }

    /** Whether a mapping refuses it: it may not have huge pages, there is no room for one, or there never was a page in it. */
    static boolean refused(Kernel kernel, Vma vma) {
        boolean aligned = vma.file() == 0 || vma.index(Thp.start(vma.end())) % Thp.PAGES == 0;
        boolean kind = vma.file() == 0 ? vma.anon() != 0 && kernel.thp().allowable(vma, true)
                : kernel.files().tmpfs(vma.file()) && !vma.has(Vma.NOHUGEPAGE | Vma.SPECIAL | Vma.HUGETLB);
        return !kind || !aligned || !Thp.suitable(vma, vma.end() - Thp.SIZE);
    }

    /** The next two megabytes; the last failure is what is told. */
    @Cites("mm/khugepaged.c: madvise_collapse, 6.1-6.18")
    record Next(int mm, long at, long end, CollapseResult failure) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            if (at < end) {
                turn.then(new CollapseScan(mm, at, false), new MmapLock.Read(mm), new Then(this));
            } else if (!failure.huge()) {
                turn.then(new Result(Outcome.of(failure.errno()), "the pages cannot become a huge one"));
            }
        }
    }

    /** Looks what came of it. */
    @Cites("mm/khugepaged.c: madvise_collapse_errno, 6.1-6.18")
    record Then(Next before) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            CollapseResult result = CollapseResult.of(turn.takeResult());
            CollapseResult failure = result.huge() ? before.failure : result;
            long next = result.goesOn() ? before.at + Thp.SIZE : before.end;
            turn.then(new Next(before.mm, next, before.end, failure));
        }
    }
}
