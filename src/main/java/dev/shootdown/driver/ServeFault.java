package dev.shootdown.driver;

import dev.shootdown.memory.Frames;
import dev.shootdown.notifier.CallbackName;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.vocabulary.Errno;

/** A driver serves a fault of its device itself. The result is 0, or a failure if the process has no such page. */
@Cites("drivers/gpu/drm/nouveau/nouveau_svm.c: nouveau_svm_fault, 5.1-6.18; arch/x86/kvm: tdp_page_fault, 3.16-4.15")
record ServeFault(int binding, long page, int access) implements DriverStep {
    @Override
    public void run(Drivers drivers, Turn turn) {
        drivers.faults().begin(binding, access);
        Called called = new Called(binding, CallbackName.FAULT, page, page + Frames.PAGE_SIZE, true);
        turn.then(new Served(binding));
        turn.then(new Plan(turn, called).of(drivers.get(binding).driver().actions(CallbackName.FAULT)));
    }

    /** Leaves what became of it for the answer. */
    @Cites("drivers/gpu/drm/nouveau/nouveau_svm.c: nouveau_svm_fault (replay, or cancel), 5.1-6.18")
    record Served(int binding) implements DriverStep {
        @Override
        public void run(Drivers drivers, Turn turn) {
            turn.takeRemark();
            turn.result(0);
            if (drivers.faults().refused(binding)) {
                turn.fail(Errno.EFAULT, "the process has no such page");
            }
            drivers.faults().end(binding);
        }
    }
}
