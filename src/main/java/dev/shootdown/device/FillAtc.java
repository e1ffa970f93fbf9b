package dev.shootdown.device;

import dev.shootdown.iommu.InFlight;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Manner;
import dev.shootdown.sim.Safety;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/** An answer fills the ATC, unless an invalidation has overtaken it: then it is discarded. */
@Safety(value = "no answer that an invalidation has overtaken may be used", manners = Manner.HURRY)
@Cites("PCIe ATS 10.3: an answer that an invalidation has overtaken is discarded")
record FillAtc(DmaAccess dma) implements DeviceStep {
    @Override
    public int device() {
        return dma.device();
    }

    @Override
    public boolean ready(World world) {
        return !channel(world).answer().stale();
    }

    @Override
    public void run(Channel channel, Turn turn) {
        InFlight answer = channel.answer();
        channel.atc().fill(dma.pasid(), dma.page(), answer.held(), answer.born());
    }
}
