package dev.shootdown.mm;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import java.util.List;

/** A driver lets pages go, one after the other: one that nobody else holds is freed. */
@Cites("mm/swap.c: put_page, 3.16-5.5; mm/gup.c: unpin_user_pages, gup_put_folio, 5.6-6.18")
public record UnpinUserPages(int mm, List<Long> frames) implements KernelStep {
    public UnpinUserPages {
        frames = List.copyOf(frames);
    }

    @Override
    public void run(Kernel kernel, Turn turn) {
        if (frames.isEmpty()) {
            return;
        }
        if (frames.size() > 1) {
            turn.then(new UnpinUserPages(mm, frames.subList(1, frames.size())));
        }
        Free.page(kernel, turn, mm, frames.getFirst());
    }
}
