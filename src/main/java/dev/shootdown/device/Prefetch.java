package dev.shootdown.device;

import dev.shootdown.iommu.Caches;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

/**
 * While an access is on its way whose page the ATC did not have, the device asks for the translation of a page behind it, and then
 * of the next one: what it expects to need. It asks for reading, and for execution or privileged mode as the access does, but not
 * for writing. Of one that does not translate nothing comes: no page is asked for.
 *
 * @param dma   the access
 * @param ahead how many pages behind the access's this one is
 */
@Cites("PCIe ATS 10.1: a device may ask for translations before it needs them; 10.2.2.4: No Write, no page request follows")
record Prefetch(DmaAccess dma, int ahead) implements DeviceStep {
    @Override
    public int device() {
        return dma.device();
    }

    @Override
    public void run(Channel channel, Turn turn) {
        if (ahead < channel.device().options().prefetch()) {
            turn.then(new Prefetch(dma, ahead + 1));
        }
        long page = dma.page() + ahead;
        boolean there = page >= Caches.PAGES || channel.device().atc().lookup(dma.pasid(), page) != 0;
        if (there || !channel.ats() || channel.device().iommu().blocked(dma.pasid(), page << Frames.PAGE_SHIFT)) {
            return;
        }
        long start = page << Frames.PAGE_SHIFT;
        turn.then(new Prefetched(DmaAccess.translate(device(), dma.pasid(), start, start + Frames.PAGE_SIZE, false)));
        channel.device().iommu().ask(turn, channel, dma.pasid(), page, dma.access() & ~Translation.WRITE | Translation.READ);
    }

    /** The answer to that: it fills the ATC, unless it came too late. */
    @Cites("PCIe ATS 10.3: an answer that an invalidation has overtaken is discarded")
    record Prefetched(DmaAccess dma) implements DeviceStep {
        @Override
        public int device() {
            return dma.device();
        }

        @Override
        public void run(Channel channel, Turn turn) {
            if (channel.answer().busy()) {
                turn.perform(new FillAtc(dma));
                channel.answer().end();
            } else {
                channel.takeRefusal();
            }
        }
    }
}
