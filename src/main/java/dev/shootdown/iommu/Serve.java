package dev.shootdown.iommu;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/** What an IOMMU's hardware does for ever: take the next command out of its ring and obey it. */
@Cites("AMD IOMMU, command buffer; VT-d 6.5.2; SMMUv3 3.5; RISC-V IOMMU, command queue: entries are fetched in order")
record Serve(int iommu) implements IommuStep {
    @Override
    public boolean ready(World world) {
        return iommu(world).serves();
    }

    @Override
    public int choices(World world) {
        return iommu(world).ways();
    }

    @Override
    public boolean idle() {
        return true;
    }

    @Override
    public void run(Iommu iommu, Turn turn) {
        turn.then(this);
        iommu.execute(turn);
    }
}
