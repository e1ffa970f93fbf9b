package dev.shootdown.driver;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/** What was looked up becomes an entry of the driver's own page table; nothing where nothing was found. */
@Cites("drivers/gpu/drm/nouveau/nouveau_svm.c: nouveau_range_fault (nvif_object_ioctl), 5.10-6.18; arch/x86/kvm/mmu.c: __direct_map, 3.16-4.15")
record Install(int binding, long page) implements DriverStep {
    @Override
    public void run(Drivers drivers, Turn turn) {
        Faults faults = drivers.faults();
        long found = faults.found(binding);
        if (found != 0 && !drivers.tables().install(binding, page, found, faults.born(binding))) {
            faults.refuse(binding);
        }
    }
}
