package dev.shootdown.device;

import dev.shootdown.iommu.Iommus;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/** A page request that found the log full or that is not allowed, is answered by the hardware itself, without software. */
@Cites("AMD IOMMU, PPR automatic response (EFR bit 41); Arm SMMUv3 8.2, VT-d 7.5.1, RISC-V IOMMU page-request queue")
record AutomaticResponse(int device, int code) implements DeviceStep {
    @Override
    public void run(Channel channel, Turn turn) {
        channel.respond(turn, Iommus.channelIndex(device), code);
    }
}
