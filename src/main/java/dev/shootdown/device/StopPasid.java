package dev.shootdown.device;

import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/**
 * A device stops using a PASID: when nothing is in flight any more that holds a translation of it, it says so with a stop
 * marker, which comes behind all its page requests. It costs no credit and is not to be answered.
 */
@Cites("PCIe PASID 6.20, PRI 10.4.1.2: stopping the use of a PASID, Stop Marker Message")
public record StopPasid(int device, int pasid) implements DeviceStep {
    @Override
    public boolean ready(World world) {
        return !channel(world).device().uses(pasid);
    }

    @Override
    public void run(Channel channel, Turn turn) {
        turn.result(0);
        if (channel.pri()) {
            channel.device().mark(turn, pasid);
        }
    }
}
