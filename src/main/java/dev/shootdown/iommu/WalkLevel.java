package dev.shootdown.iommu;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/** A walk goes on: the entry that was read is cached, and the next one is read or the translation delivered. */
@Cites("Intel SDM volume 3A, 4.5 and 4.10.3; AMD APM volume 2, 5.3; guest tables of the AMD IOMMU are the CPU's")
record WalkLevel(int iommu, int device, int access) implements IommuStep {
    @Override
    public void run(Iommu iommu, Turn turn) {
        iommu.walker().proceed(turn, turn.part(Iommus.class).endpoint(device), access);
    }
}
