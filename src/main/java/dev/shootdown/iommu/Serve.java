package dev.shootdown.iommu;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/** What an IOMMU's hardware does for ever: take the next command out of its ring and obey it. */
@Cites("drivers/iommu/amd_iommu_init.c: iommu_enable_command_buffer")
record Serve(int iommu) implements IommuStep {
    @Override
    public boolean ready(World world) {
        return iommu(world).commandReady();
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
