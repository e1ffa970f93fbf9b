package dev.shootdown.mm;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/** The kernel's own thread looks at a stretch of an address space for small pages that could be huge ones. The result is 0. */
@Cites("mm/khugepaged.c: khugepaged_scan_mm_slot, 3.16-6.18")
public record Khugepaged(int mm, long start, long end) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        turn.takeResult();
        long at = next(kernel);
        if (at < end) {
            turn.then(new MmapLock.Read(mm), new CollapseScan(mm, at, true), new Khugepaged(mm, at + Thp.SIZE, end));
        } else {
            turn.then(new Result(0, null));
        }
    }

    /** The next place for a huge page in a mapping that may have them; or the end. */
    private long next(Kernel kernel) {
        long at = Thp.start(start + Thp.SIZE - 1);
        while (at + Thp.SIZE <= end) {
            Vma vma = kernel.vmas().find(mm, at);
            if (vma == null) {
                return end;
            }
            if (vma.start() <= at && Thp.suitable(vma, at) && vma.anon() != 0 && kernel.thp().allowable(vma, false)) {
                return at;
            }
            at = Math.max(at + Thp.SIZE, Thp.start(vma.start()));
        }
        return end;
    }
}
