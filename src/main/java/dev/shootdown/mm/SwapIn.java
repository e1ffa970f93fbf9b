package dev.shootdown.mm;

import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Turn;

/** Brings the pages of a stretch of an address space in from swap and maps them, as when the swap area is taken away. */
@Cites("mm/swapfile.c: try_to_unuse, unuse_mm, unuse_pte, 3.16-6.18")
public record SwapIn(int mm, long start, long end) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        turn.then(new MmapLock.Read(mm), new Next(mm, start, end), new MmapLock.ReadUnlock(mm));
    }

    /** The next page that is in swap. */
    @Cites("mm/swapfile.c: unuse_pte_range, 3.16-6.18")
    record Next(int mm, long address, long end) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long result = turn.takeResult();
            if (Outcome.failed(result)) {
                turn.result(result);
                return;
            }
            long at = PageTables.nextMapped(kernel, mm, address, end);
            while (at != end && !SwapEntry.swapped(kernel.pte(mm, at))) {
                at = PageTables.nextMapped(kernel, mm, at + Frames.PAGE_SIZE, end);
            }
            Vma vma = at == end ? null : kernel.vmas().at(mm, at);
            if (vma != null) {
                turn.then(new Next(mm, at + Frames.PAGE_SIZE, end));
                HandleMmFault.HandlePteFault.serve(kernel, turn, vma, kernel.pteTable(mm, at), at, Translation.READ);
            }
        }
    }
}
