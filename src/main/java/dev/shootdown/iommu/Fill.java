package dev.shootdown.iommu;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Manner;
import dev.shootdown.sim.Safety;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/** What a walk has found is remembered, unless an invalidation has overtaken the walk. */
sealed interface Fill extends IommuStep {
    /** Whose walk it is. */
    int device();

    @Override
    default boolean ready(World world) {
        return !world.part(Iommus.class).endpoint(device()).walk().stale();
    }

    @Override
    default void run(Iommu iommu, Turn turn) {
        Endpoint endpoint = turn.part(Iommus.class).endpoint(device());
        InFlight walk = endpoint.walk();
        fill(iommu.caches(), walk, iommu.tag(endpoint.device(), walk.pasid()));
    }

    /** @param tag what the caches tell the walk's address space by */
    void fill(Caches caches, InFlight walk, int tag);

    /** A page's translation. */
    @Safety(value = "no translation may be remembered that an invalidation has overtaken", manners = Manner.HURRY)
    @Cites("AMD IOMMU, INVALIDATE_IOMMU_PAGES; VT-d 6.5.2: an invalidation covers page walks in progress")
    record Iotlb(int iommu, int device) implements Fill {
        @Override
        public void fill(Caches caches, InFlight walk, int tag) {
            caches.iotlb().fill(tag, walk.page(), walk.held(), walk.born());
        }
    }

    /** Where a guest's page is. */
    @Safety(value = "nothing of the second stage may be remembered that an invalidation has overtaken", manners = Manner.HURRY)
    @Cites("AMD IOMMU, INVALIDATE_IOMMU_PAGES, GN=0; VT-d 6.5.2; SMMUv3 4.4.3.2 TLBI_S2_IPA; RISC-V IOMMU, IOTINVAL.GVMA")
    record Nested(int iommu, int device) implements Fill {
        @Override
        public void run(Iommu iommu, Turn turn) {
            InFlight found = turn.part(Iommus.class).endpoint(device).nested();
            iommu.secondStage().fill(found.page(), found.held());
        }

        @Override
        public void fill(Caches caches, InFlight walk, int tag) {
            throw new IllegalStateException("what is known of the second stage is its own");
        }
    }

    /** A page table on the way. */
    @Safety(value = "no pointer to a page table may be remembered that an invalidation has overtaken", manners = Manner.HURRY)
    @Cites("AMD IOMMU, INVALIDATE_IOMMU_PAGES, PDE; Intel SDM volume 3A, 4.10.3: paging-structure caches")
    record Pointer(int iommu, int device) implements Fill {
        @Override
        public void fill(Caches caches, InFlight walk, int tag) {
            caches.walkCache().fill(walk.level(), tag, walk.page(), walk.held(), walk.born());
        }
    }
}
