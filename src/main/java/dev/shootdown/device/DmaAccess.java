package dev.shootdown.device;

import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;

/**
 * A device accesses a range, page by page: this step looks a page's translation up and either sends the access on its
 * way or asks the IOMMU, which walks. What the last page leaves as the result is how many bytes came through.
 *
 * @param pasid whose addresses
 * @param start the range's first byte
 * @param at    where the access has come to
 * @param end   the end of the range
 * @param access what it asks for, as {@link Translation} permissions, {@link Translation#PRIVILEGED} among them
 * @param bare  a translation request without the access
 * @param value the byte that a write leaves
 * @param asked page requests made for this page so far; 0 for a device that never gives up
 */
@Cites("PCIe ATS 10.2: translation request, translated request; 6.20 PASID TLP prefix: Execute Requested, Privileged Mode Requested; PRI 10.4")
public record DmaAccess(int device, int pasid, long start, long at, long end, int access, boolean bare, int value,
        int asked) implements DeviceStep {
    /** A read of [start, end). */
    public static DmaAccess read(int device, int pasid, long start, long end) {
        return new DmaAccess(device, pasid, start, start, end, Translation.READ, false, 0, 0);
    }

    /** The same access with Execute Requested or Privileged Mode Requested, which only a PASID can carry: without one, as it is. */
    public DmaAccess asking(boolean execute, boolean privileged) {
        int more = (execute ? Translation.EXECUTE : 0) | (privileged ? Translation.PRIVILEGED : 0);
        return new DmaAccess(device, pasid, start, at, end, pasid == 0 ? access : access | more, bare, value, asked);
    }

    /** A write of one byte's value all over [start, end). */
    public static DmaAccess write(int device, int pasid, long start, long end, int value) {
        return new DmaAccess(device, pasid, start, start, end, Translation.WRITE, false, value & 0xff, 0);
    }

    /** Translation requests for the pages of [start, end), for reading or for writing, without an access. */
    public static DmaAccess translate(int device, int pasid, long start, long end, boolean write) {
        return new DmaAccess(device, pasid, start, start, end, write ? Translation.WRITE : Translation.READ, true, 0, 0);
    }

    long page() {
        return at >>> Frames.PAGE_SHIFT;
    }

    /** The end of the piece that lies in this page. */
    long pieceEnd() {
        long pageEnd = page() + 1 << Frames.PAGE_SHIFT;
        return Long.compareUnsigned(end, pageEnd) < 0 ? end : pageEnd;
    }

    /** How many pages there are from here to the end. */
    long pages() {
        return (end - 1 >>> Frames.PAGE_SHIFT) - page() + 1;
    }

    boolean write() {
        return (access & Translation.WRITE) != 0;
    }

    /** The same page once more, after a response. Who never gives up does not count. */
    DmaAccess again(boolean unlimited) {
        return unlimited ? this : new DmaAccess(device, pasid, start, at, end, access, bare, value, asked + 1);
    }

    /** The same page as if for the first time, after an answer that came too late. */
    DmaAccess anew() {
        return new DmaAccess(device, pasid, start, at, end, access, bare, value, 0);
    }

    /** Goes on behind this page; at the end of the range the result is its length. */
    void advance(Turn turn) {
        if (pieceEnd() == end) {
            turn.result(end - start);
        } else {
            turn.then(new DmaAccess(device, pasid, start, pieceEnd(), end, access, bare, value, 0));
        }
    }

    /** This page's piece ends as if it had come through, but a read is zero and a write is nowhere; goes on behind it. */
    void ignored(Turn turn) {
        advance(turn);
        turn.emit(Kind.DMA, () -> new Event.Dma(turn.actor().name(), pasid, at, pieceEnd() - at, Device.word(access), null, "done", 0));
    }

    /** The access ends before its end; the result is how many bytes came through. */
    void end(Turn turn, String outcome) {
        turn.result(at - start);
        turn.emit(Kind.DMA, () -> new Event.Dma(turn.actor().name(), pasid, at, pieceEnd() - at, Device.word(access),
                null, outcome, 0));
    }

    @Override
    public void run(Channel channel, Turn turn) {
        Device device = channel.device();
        if (device.failed()) {
            end(turn, "failed");
            return;
        }
        if (device.ats() && hit(channel, turn)) {
            return;
        }
        if (device.iommu().blocked(pasid, at)) {
            turn.then(new AwaitUnblock(channel.number(), pasid, at), this);
            return;
        }
        turn.then(new Answered(this));
        device.iommu().ask(turn, channel, pasid, page(), access);
    }

    /** A hit without the permission asked for, or made for another mode, is dropped, and the walk asked for anew (AMD, Intel). */
    private boolean hit(Channel device, Turn turn) {
        long hit = device.atc().lookup(pasid, page());
        if (hit == 0) {
            return false;
        }
        if (!Translation.serves(hit, access)) {
            device.atc().drop(pasid, page());
            return false;
        }
        turn.emit(Kind.TRANSLATE, () -> new Event.Translate(device.name(), page() << Frames.PAGE_SHIFT, "atc", "hit"));
        if (bare) {
            advance(turn);
        } else {
            device.access().begin(pasid, page(), hit, device.atc().born(pasid, page()));
            turn.then(new Land(this));
        }
        return true;
    }
}
