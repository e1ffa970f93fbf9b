package dev.shootdown.iommu.amd;

import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.IommuStep;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Manner;
import dev.shootdown.sim.Safety;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/** A COMPLETION_WAIT waits until no device has an access or an answer in flight that an ATC invalidation covers. */
@Safety(value = "no completion may come before accesses and answers that an ATC invalidation covers are over", manners = Manner.HURRY)
@Cites("AMD IOMMU, COMPLETION_WAIT; PCIe ATS, invalidate completion: behind all accesses that used the translation")
record Complete(int iommu, AmdCommand.CompletionWait command) implements IommuStep {
    @Override
    public boolean ready(World world) {
        return !iommu(world).caches().atcDraining();
    }

    @Override
    public void run(Iommu iommu, Turn turn) {
        ((AmdIommu) iommu).completed(turn, command);
    }
}
