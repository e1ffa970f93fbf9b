package dev.shootdown.iommu;

import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/** A step about one IOMMU, which it names by number. */
public interface IommuStep extends Step {
    /** The IOMMU's number. */
    int iommu();

    void run(Iommu iommu, Turn turn);

    @Override
    default void run(Turn turn) {
        run(turn.part(Iommus.class).get(iommu()), turn);
    }

    /** The IOMMU in a World, for {@link #ready}. */
    default Iommu iommu(World world) {
        return world.part(Iommus.class).get(iommu());
    }
}
