package dev.shootdown.mm;

import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/**
 * A thread accesses one byte of each page of [address, end), page after page, and changes nothing. The result is 0, or
 * the signal of the first access that may not be.
 *
 * @param access {@link Translation#READ}, {@link Translation#WRITE} or {@link Translation#EXECUTE}
 */
@Cites("Intel SDM volume 3A, 4.10: access to memory through the TLB")
public record Touch(int mm, long address, long end, int access) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        if (address >= end || CpuAccess.frame(kernel, turn, mm, address, access, this) == 0) {
            return;
        }
        long next = (address & -Frames.PAGE_SIZE) + Frames.PAGE_SIZE;
        if (next < end) {
            turn.then(new Touch(mm, next, end, access));
        } else {
            turn.result(0);
        }
    }
}
