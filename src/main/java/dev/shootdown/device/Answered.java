package dev.shootdown.device;

import dev.shootdown.iommu.InFlight;
import dev.shootdown.iommu.PageRequest;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/**
 * What a device does with the IOMMU's answer: a translation fills the ATC and, if it allows the access, sends that on its way,
 * unless the answer came too late; one that does not, or none, is a page request, or the end of the access, or of the device; or
 * the access has been stalled and waits in the IOMMU.
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
        Channel channel = channel(world);
        boolean answered = served(channel) | channel.access().busy() | channel.refused();
        return channel.device().credit() | answered | !asks(channel);
    }

    /** Whether there is an answer that allows what is asked for, or that comes too late to count. */
    private boolean served(Channel channel) {
        InFlight answer = channel.answer();
        return answer.busy() && (dma.bare() || answer.stale() || Translation.serves(answer.held(), dma.access()));
    }

    private boolean asks(Channel channel) {
        return channel.ats() && channel.pri() && !dma.bare();
    }

    @Override
    public void run(Channel channel, Turn turn) {
        if (channel.answer().busy()) {
            filled(channel, turn);
        } else if (channel.access().busy()) {
            sent(channel, turn);
        } else {
            channel.device().fault();
            missing(channel, turn);
        }
    }

    private void filled(Channel channel, Turn turn) {
        InFlight answer = channel.answer();
        long held = answer.held();
        long born = answer.born();
        boolean timely = turn.perform(new FillAtc(dma));
        answer.end();
        if (!timely) {
            turn.then(dma.anew());
        } else if (dma.bare()) {
            dma.advance(turn);
        } else if (!Translation.serves(held, dma.access())) {
            channel.device().fault();
            missing(channel, turn);
        } else {
            channel.access().begin(dma.pasid(), dma.page(), held, born);
            turn.then(new Land(dma));
            if (channel.device().options().prefetch() > 0) {
                turn.then(new Prefetch(dma, 1));
            }
        }
    }

    /** Without ATS the IOMMU has translated the access, which is on its way already. */
    private void sent(Channel channel, Turn turn) {
        if (dma.bare()) {
            channel.access().end();
            dma.advance(turn);
        } else {
            new Land(dma).run(channel, turn);
        }
    }

    private void missing(Channel channel, Turn turn) {
        if (channel.takeRefusal()) {
            dma.end(turn, "aborted");
        } else if (dma.bare()) {
            dma.advance(turn);
        } else if (channel.waiting()) {
            turn.then(new AwaitResponse(dma));
        } else if (!asks(channel)) {
            dma.end(turn, "aborted");
        } else if (dma.asked() > channel.device().options().retries() && !channel.device().options().unlimited()) {
            channel.device().fail(turn, dma.asked() + " page requests");
            turn.then(dma);
        } else {
            ask(channel, turn);
        }
    }

    /** The page, and as many behind it as the device asks for at once, the access is long and there are credits. */
    private void ask(Channel channel, Turn turn) {
        long pages = Math.min(channel.device().options().group(), dma.pages());
        int more = (int) Math.min(pages, channel.device().credits()) - 1;
        turn.then(new AwaitResponse(dma));
        if (more > 0) {
            turn.then(new RequestMore(dma, 1, more));
        }
        request(channel, turn, dma, 0, more == 0);
    }

    /** One request of the group. */
    static void request(Channel channel, Turn turn, DmaAccess dma, int ahead, boolean last) {
        int code = channel.request(turn, dma.pasid(), dma.page() + ahead, dma.access(), last);
        if (code != PageRequest.NONE) {
            turn.then(new AutomaticResponse(dma.device(), code));
        }
    }

    /** The next request of a group goes out. */
    @Cites("PCIe PRI 10.4.1: page request group, Last Request in PRG")
    record RequestMore(DmaAccess dma, int ahead, int more) implements DeviceStep {
        @Override
        public int device() {
            return dma.device();
        }

        @Override
        public void run(Channel channel, Turn turn) {
            if (ahead < more) {
                turn.then(new RequestMore(dma, ahead + 1, more));
            }
            request(channel, turn, dma, ahead, ahead == more);
        }
    }
}
