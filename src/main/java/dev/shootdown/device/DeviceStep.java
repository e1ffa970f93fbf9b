package dev.shootdown.device;

import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/** A step of a device, which it names by number. */
interface DeviceStep extends Step {
    /** The device's number. */
    int device();

    void run(Device device, Turn turn);

    @Override
    default void run(Turn turn) {
        run(turn.part(Devices.class).get(device()), turn);
    }

    /** The device in a World, for {@link #ready}. */
    default Device device(World world) {
        return world.part(Devices.class).get(device());
    }
}
