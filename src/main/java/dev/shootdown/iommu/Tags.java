package dev.shootdown.iommu;

import dev.shootdown.sim.Cells;
import dev.shootdown.sim.World;
import java.util.List;

/**
 * The ITags of invalidations that devices have not completed: PCIe ATS 10.3. Of a device that completes, and has as many as
 * there can be, none are counted, since no driver sends so many without a wait between.
 */
final class Tags {
    /** An ITag has five bits. */
    private static final int MOST = 32;

    private final Cells taken;

    Tags(World world, String iommu) {
        this.taken = world.cells(iommu + ".itags");
    }

    private static boolean counted(Endpoint endpoint) {
        return endpoint.tags() < MOST || !endpoint.completes();
    }

    /** Whether there is one for another invalidation of a device's. */
    boolean free(Endpoint endpoint) {
        if (!counted(endpoint)) {
            return true;
        }
        returned(endpoint);
        return taken.get(endpoint.number()) < endpoint.tags();
    }

    /** An invalidation takes one, if it is not complete at once. */
    void take(Endpoint endpoint) {
        if (counted(endpoint) && !(endpoint.completes() && Caches.drained(endpoint))) {
            taken.add(endpoint.number(), 1);
        }
    }

    /** Those of a device that has completed all are free again. */
    private void returned(Endpoint endpoint) {
        if (endpoint.completes() && Caches.drained(endpoint)) {
            free(endpoint.number());
        }
    }

    /** A wait is over, and with it all that was before. */
    void completed(List<Endpoint> endpoints) {
        for (int i = 0; i < endpoints.size(); i++) {
            if (counted(endpoints.get(i))) {
                free(endpoints.get(i).number());
            }
        }
    }

    /** The time is over for those of a device. */
    void free(int device) {
        taken.set(device, 0);
    }
}
