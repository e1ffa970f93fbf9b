package dev.shootdown.mm;

import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/**
 * A thread writes to [address, end), page after page. The result is 0, or a signal; what was written before stays.
 *
 * @param text written once from the address on, one byte for each character; or null
 * @param fill the byte that the range is filled with where there is no text
 */
@Cites("Intel SDM volume 3A, 4.10: access to memory through the TLB")
public record Write(int mm, long address, long end, String text, int fill) implements KernelStep {
    /** Fills a range with a byte. */
    public static Write fill(int mm, long address, long end, int value) {
        return new Write(mm, address, end, null, value & 0xff);
    }

    /** Writes a text to the start of a range, as much of it as fits. */
    public static Write text(int mm, long address, long end, String text) {
        long length = Math.min(end - address, text.length());
        return new Write(mm, address, address + length, text.substring(0, (int) length), 0);
    }

    @Override
    public void run(Kernel kernel, Turn turn) {
        long frame = address < end ? CpuAccess.frame(kernel, turn, mm, address, Translation.WRITE, this) : 0;
        if (frame == 0) {
            return;
        }
        long next = Math.min((address & -Frames.PAGE_SIZE) + Frames.PAGE_SIZE, end);
        int from = (int) (address & Frames.PAGE_SIZE - 1);
        int length = (int) (next - address);
        store(kernel.frames(), frame, from, length);
        if (next < end) {
            turn.then(new Write(mm, next, end, text == null ? null : text.substring(length), fill));
        } else {
            turn.result(0);
        }
    }

    private void store(Frames frames, long frame, int from, int length) {
        if (text == null && length == Frames.PAGE_SIZE) {
            frames.fill(frame, fill * 0x0101010101010101L);
            return;
        }
        for (int i = 0; i < length; i++) {
            frames.byteAt(frame, from + i, text == null ? fill : text.charAt(i) & 0xff);
        }
    }
}
