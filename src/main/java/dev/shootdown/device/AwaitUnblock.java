package dev.shootdown.device;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/** A device that asks for a page of a blocked range waits, holding nothing. */
@Cites("Documentation/mm/hmm.rst: a fault of the device waits for the driver's lock")
record AwaitUnblock(int device, int pasid, long address) implements DeviceStep {
    @Override
    public boolean ready(World world) {
        return !channel(world).device().iommu().blocked(pasid, address);
    }

    @Override
    public void run(Channel channel, Turn turn) {}
}
