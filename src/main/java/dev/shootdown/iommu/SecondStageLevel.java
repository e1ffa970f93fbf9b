package dev.shootdown.iommu;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/** A walk goes on in the second stage: its next entry is read or, where the guest's page is found, the first stage's is. */
@Cites("AMD APM volume 2, 15.25.5 nested walk; VT-d 3.8 nested translation; SMMUv3 3.3.3; RISC-V IOMMU 2.3, privileged architecture 18.5")
record SecondStageLevel(int iommu, int device, int access) implements IommuStep {
    @Override
    public void run(Iommu iommu, Turn turn) {
        iommu.walker().proceedSecondStage(turn, turn.part(Iommus.class).endpoint(device), access);
    }
}
