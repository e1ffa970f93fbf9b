package dev.shootdown.driver;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/** The fault is looked at again from the start; what its actions had still to do is not done. */
@Cites("mm/hmm.rst: the example's goto again, 5.8-6.18; arch/x86/kvm/mmu.c: tdp_page_fault, goto out_unlock (the guest faults again), 3.16-4.15")
record Retry(int binding, long page) implements DriverStep {
    @Override
    public void run(Drivers drivers, Turn turn) {
        turn.unwindPast(ServeFault.Served.class);
        turn.then(new ServeFault(binding, page, drivers.faults().access(binding)));
    }
}
