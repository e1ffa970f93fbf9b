package dev.shootdown.device;

import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/** A step of a device's channel, which it names by number: that of the device, where it is the first. */
interface DeviceStep extends Step {
    /** The channel's number. */
    int device();

    void run(Channel channel, Turn turn);

    @Override
    default void run(Turn turn) {
        run(turn.part(Devices.class).channel(device()), turn);
    }

    /** The channel in a World, for {@link #ready}. */
    default Channel channel(World world) {
        return world.part(Devices.class).channel(device());
    }
}
