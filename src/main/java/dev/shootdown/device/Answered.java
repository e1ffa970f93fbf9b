package dev.shootdown.device;

import dev.shootdown.iommu.InFlight;
import dev.shootdown.iommu.PageRequest;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/**
 * What a device does with the IOMMU's answer: a translation fills the ATC and sends the access on its way, unless
 * the answer came too late; no translation is a page request, or the end of the access, or of the device; or the
 * access has been stalled and waits in the IOMMU.
 */
@Cites("PCIe ATS 10.3: an answer that an invalidation has overtaken is discarded; PRI 10.4.1 page requests")
record Answered(DmaAccess dma) implements DeviceStep {
    @Override
    public int device() {
        return dma.device();
    }

    /** A page request needs a credit. */
    @Override
    public boolean ready(World world) {
        Device device = device(world);
        boolean answered = device.answer().busy() | device.access().busy() | device.refused();
        return device.credit() | answered | !asks(device);
    }

    private boolean asks(Device device) {
        return device.ats() && device.pri() && !dma.bare();
    }

    @Override
    public void run(Device device, Turn turn) {
        if (device.answer().busy()) {
            filled(device, turn);
        } else if (device.access().busy()) {
            sent(device, turn);
        } else {
            device.fault();
            missing(device, turn);
        }
    }

    private void filled(Device device, Turn turn) {
        InFlight answer = device.answer();
        if (!turn.perform(new FillAtc(dma))) {
            turn.then(dma.anew());
        } else if (dma.bare()) {
            dma.advance(turn);
        } else {
            device.access().begin(dma.pasid(), dma.page(), answer.held(), answer.born());
            turn.then(new Land(dma));
        }
        answer.end();
    }

    /** Without ATS the IOMMU has translated the access, which is on its way already. */
    private void sent(Device device, Turn turn) {
        if (dma.bare()) {
            device.access().end();
            dma.advance(turn);
        } else {
            new Land(dma).run(device, turn);
        }
    }

    private void missing(Device device, Turn turn) {
        if (device.takeRefusal()) {
            dma.end(turn, "aborted");
        } else if (dma.bare()) {
            dma.advance(turn);
        } else if (device.waiting()) {
            turn.then(new AwaitResponse(dma));
        } else if (!asks(device)) {
            dma.end(turn, "aborted");
        } else if (dma.asked() > device.options().retries() && !device.options().unlimited()) {
            device.fail(turn, dma.asked() + " page requests");
            turn.then(dma);
        } else {
            turn.then(new AwaitResponse(dma));
            int code = device.request(turn, dma.pasid(), dma.page(), dma.write());
            if (code != PageRequest.NONE) {
                turn.then(new AutomaticResponse(dma.device(), code));
            }
        }
    }
}
