package dev.shootdown.mm;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Manner;
import dev.shootdown.sim.Safety;
import dev.shootdown.sim.Turn;

/** Takes a reference of a page, so that it stays whoever else lets go of it. */
@Safety(value = "no page may go while somebody works on it", manners = Manner.DROP)
@Cites("include/linux/mm.h: get_page, 3.16-5.15; folio_get, 5.16-6.18")
record GetPage(long frame) implements KernelStep {
    @Override
    public void run(Kernel kernel, Turn turn) {
        kernel.frames().get(frame);
    }
}
