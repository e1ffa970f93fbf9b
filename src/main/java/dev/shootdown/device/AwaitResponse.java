package dev.shootdown.device;

import dev.shootdown.iommu.PageRequest;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/**
 * An access waits for the response to its page request, or to the IOMMU's in its stead. It holds no translation meanwhile.
 * Success only means that the device may ask anew; Invalid ends the access; anything else is the failure state. A device
 * whose access was stalled knows nothing of it and counts nothing.
 */
@Cites("PCIe PRI 10.4.2: page request group response, response codes; SMMUv3 3.12.2, 4.6: stall model, CMD_RESUME")
record AwaitResponse(DmaAccess dma) implements DeviceStep {
    @Override
    public int device() {
        return dma.device();
    }

    @Override
    public boolean ready(World world) {
        Channel channel = channel(world);
        return channel.responded() || abandoned(channel);
    }

    @Override
    public void run(Channel channel, Turn turn) {
        Device device = channel.device();
        if (!channel.responded()) {
            channel.forgetRequest();
            turn.then(dma);
            return;
        }
        int code = channel.takeResponse();
        switch (code) {
            case PageRequest.SUCCESS -> dma.again(device.options().unlimited() || device.stalls()).run(channel, turn);
            case PageRequest.INVALID -> dma.end(turn, "aborted");
            case PageRequest.IGNORED -> dma.ignored(turn);
            default -> {
                device.fail(turn, "response code 0x" + Integer.toHexString(code));
                turn.then(dma);
            }
        }
    }

    /** What one channel's response brings a device into, its failure state, ends what the others wait for. */
    private static boolean abandoned(Channel channel) {
        return channel.channels().size() > 1 && channel.device().failed();
    }
}
