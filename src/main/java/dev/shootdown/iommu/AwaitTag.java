package dev.shootdown.iommu;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/**
 * An ATC invalidation waits until an ITag is free: until the device has completed what it was asked before, or the time for
 * that is over, which of a device that never completes anything is at once.
 */
@Cites("PCIe ATS 10.3: an ITag is not used again before all its completions came, or the time is over; VT-d 4.3")
record AwaitTag(int iommu, int device, int pasid, long start, long end) implements IommuStep {
    @Override
    public boolean ready(World world) {
        Endpoint endpoint = world.part(Iommus.class).endpoint(device);
        return !endpoint.completes() || Caches.drained(endpoint);
    }

    @Override
    public void run(Iommu iommu, Turn turn) {
        Endpoint endpoint = turn.part(Iommus.class).endpoint(device);
        if (!endpoint.completes()) {
            iommu.overdue(turn, endpoint);
            iommu.tags().free(device);
        }
        iommu.invalidateAtc(turn, endpoint, pasid, start, end);
    }
}
