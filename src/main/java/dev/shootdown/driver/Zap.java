package dev.shootdown.driver;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/** Takes the first entry of [start, end) out of the driver's own page table, then the next ones. */
@Cites("arch/x86/kvm/mmu.c: kvm_unmap_rmapp, 3.16-4.15; drivers/gpu/drm/nouveau/nouveau_svm.c: nouveau_svmm_invalidate, 5.1-6.18")
record Zap(int binding, long start, long end) implements DriverStep {
    @Override
    public void run(Drivers drivers, Turn turn) {
        long at = drivers.tables().next(binding, start, end);
        if (at == end) {
            return;
        }
        drivers.tables().clear(binding, at);
        turn.then(new Zap(binding, at, end));
    }
}
