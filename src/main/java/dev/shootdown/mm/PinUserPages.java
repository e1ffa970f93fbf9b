package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.vocabulary.Errno;
import java.util.ArrayList;
import java.util.List;

/**
 * A driver takes a reference of each page of [address, end), so that none goes as long as its device uses it. Pages that are
 * not there are made present first; where one cannot be, the call fails with EFAULT.
 *
 * @param address the first page's
 * @param write   whether the device will write to them
 * @param holder  what goes on with them
 */
@Cites("mm/gup.c: get_user_pages_fast, 3.16-5.5; pin_user_pages_fast, gup_fast_pte_range, 5.6-6.18")
public record PinUserPages(int mm, long address, long end, boolean write, Holder holder) implements KernelStep {
    /** Who asks for pages: data, as a step is. */
    public interface Holder {
        /** What is done next with the frames of the pages, which are held; they must be let go by {@link UnpinUserPages}. */
        Step pinned(List<Long> frames);
    }

    @Override
    public void run(Kernel kernel, Turn turn) {
        for (long at = address; at < end; at += Frames.PAGE_SIZE) {
            if (!usable(kernel.pte(mm, at))) {
                turn.then(new MmapLock.Read(mm), new MadvisePopulate(mm, address, end, write), new Again(this));
                return;
            }
        }
        List<Long> pages = new ArrayList<>();
        for (long at = address; at < end; at += Frames.PAGE_SIZE) {
            long frame = Entry.frame(kernel.pte(mm, at));
            kernel.frames().get(frame);
            pages.add(frame);
        }
        turn.then(holder.pinned(pages));
    }

    private boolean usable(long entry) {
        return Entry.present(entry) && (!write || Entry.writable(entry));
    }

    /** Behind the faults, which may have failed. */
    @Cites("mm/gup.c: internal_get_user_pages_fast, __gup_longterm_locked, 3.16-6.18")
    record Again(PinUserPages pin) implements KernelStep {
        @Override
        public void run(Kernel kernel, Turn turn) {
            long populated = turn.takeResult();
            String rule = turn.takeRemark();
            if (Outcome.failed(populated)) {
                turn.fail(Errno.EFAULT, rule == null ? "a page cannot be made present" : rule);
            } else {
                turn.then(pin);
            }
        }
    }
}
