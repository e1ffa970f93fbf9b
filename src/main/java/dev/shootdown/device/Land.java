package dev.shootdown.device;

import dev.shootdown.iommu.InFlight;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;

/**
 * An access reaches memory: nobody checks it any more, whatever its frame is by now. Only whether the device may send
 * addresses that it has translated at all is looked at by IOMMUs that can.
 */
@Cites("PCIe ATS 10.2.1: a translated request is not translated, nor checked, again; SMMUv3 3.9.1.3: CR0.ATSCHK")
record Land(DmaAccess dma) implements DeviceStep {
    private static final long EVERY_BYTE = 0x0101_0101_0101_0101L;

    @Override
    public int device() {
        return dma.device();
    }

    @Override
    public void run(Channel channel, Turn turn) {
        Device device = channel.device();
        InFlight access = channel.access();
        if (device.ats() && device.iommu().forbids(device, dma.pasid())) {
            access.end();
            turn.then(device.iommu().forbidden(device, dma.pasid(), dma.at(), dma.access()));
            dma.end(turn, "aborted");
            return;
        }
        long frame = Translation.frame(access.held());
        long born = access.born();
        long length = dma.pieceEnd() - dma.at();
        touch(turn.part(Devices.class).frames(), frame, length);
        access.end();
        dma.advance(turn);
        turn.emit(Kind.DMA, () -> new Event.Dma(device.name(), dma.pasid(), dma.at(), length,
                Device.word(dma.access()), frame, "done", born));
    }

    /** A read of a device's goes nowhere that the model could see; it is here for its footprint. */
    private void touch(Frames frames, long frame, long length) {
        int offset = (int) (dma.at() & Frames.PAGE_SIZE - 1);
        if (!dma.write()) {
            frames.byteAt(frame, offset);
        } else if (length == Frames.PAGE_SIZE) {
            frames.fill(frame, dma.value() * EVERY_BYTE);
        } else {
            for (int i = 0; i < length; i++) {
                frames.byteAt(frame, offset + i, dma.value());
            }
        }
    }
}
