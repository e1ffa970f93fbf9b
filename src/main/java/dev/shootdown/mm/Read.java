package dev.shootdown.mm;

import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/**
 * A thread reads [address, end), page after page. The result is the first byte, and the remark what was found up to the
 * first zero byte, {@link #SHOWN} bytes at most; or a signal.
 *
 * @param found what was read so far; empty to begin with
 * @param whole whether a zero byte ended the text already
 */
@Cites("Intel SDM volume 3A, 4.10: access to memory through the TLB")
public record Read(int mm, long address, long end, String found, boolean whole, int first) implements KernelStep {
    /** Bytes that are kept of what was read. */
    public static final int SHOWN = 64;

    public Read(int mm, long address, long end) {
        this(mm, address, end, "", false, -1);
    }

    @Override
    public void run(Kernel kernel, Turn turn) {
        long frame = address < end ? CpuAccess.frame(kernel, turn, mm, address, Translation.READ, this) : 0;
        if (frame == 0) {
            return;
        }
        long next = Math.min((address & -Frames.PAGE_SIZE) + Frames.PAGE_SIZE, end);
        StringBuilder text = new StringBuilder(found);
        boolean ended = whole;
        for (long at = address; at < next && !ended && text.length() < SHOWN; at++) {
            int value = kernel.frames().byteAt(frame, (int) (at & Frames.PAGE_SIZE - 1));
            ended = value == 0;
            if (!ended) {
                text.append((char) value);
            }
        }
        int one = first >= 0 ? first : kernel.frames().byteAt(frame, (int) (address & Frames.PAGE_SIZE - 1));
        if (next < end) {
            turn.then(new Read(mm, next, end, text.toString(), ended, one));
        } else {
            turn.result(one);
            turn.remark(text.toString());
        }
    }
}
