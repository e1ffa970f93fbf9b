package dev.shootdown.device;

import dev.shootdown.iommu.Answer;
import dev.shootdown.iommu.Endpoint;
import dev.shootdown.iommu.InFlight;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.iommu.PageRequest;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Tlb;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Cell;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import java.util.List;

/**
 * What does a device's accesses, one after the other, a page at a time: a device has one, or several, whose accesses are in
 * flight at once. Each has a page request group of its own, whose PRG index is the channel's; ATC, credits and the failure
 * state are the device's.
 */
public final class Channel implements Endpoint {
    /** Of a page request's cell: above kind and PASID, how many requests more than one the group has. */
    private static final int MORE_SHIFT = 32;
    /** There too, below the PASID: whether writing or execution is asked for. */
    private static final int KIND = Translation.WRITE | Translation.EXECUTE;
    private static final int KIND_BITS = 3;
    /** How a translation request was refused: with an Unsupported Request, rather than a Completer Abort. */
    private static final long UNSUPPORTED = 2;

    private final Device device;
    private final int index;
    private final Actor actor;
    private final InFlight walk;
    /** Null where translations are not nested. */
    private final InFlight nested;
    private final InFlight answer;
    private final InFlight access;
    /** Its last translation request was refused; until it takes that. */
    private final Cell refused;
    /** The page that a request is out for, with {@link #requestedBy}; 0 if none is. */
    private final Cell requested;
    private final Cell requestedBy;
    /** The response's code plus 1 until the channel takes it; set by the IOMMU alone. */
    private final Cell response;

    Channel(World world, Device device, int index, String name, Actor actor) {
        this.device = device;
        this.index = index;
        this.actor = actor;
        this.walk = new InFlight(world, name + ".walk");
        this.nested = device.iommu().secondStage() == null ? null : new InFlight(world, name + ".nested");
        this.answer = new InFlight(world, name + ".answer");
        this.access = new InFlight(world, name + ".access");
        this.requested = world.cell(name + ".requested");
        this.requestedBy = world.cell(name + ".requested_by");
        this.response = world.cell(name + ".response");
        this.refused = world.cell(name + ".refused");
    }

    /** Who takes its steps. */
    public Actor actor() {
        return actor;
    }

    @Override
    public Device device() {
        return device;
    }

    @Override
    public int number() {
        return Iommus.channel(device.number(), index);
    }

    @Override
    public String name() {
        return device.name();
    }

    @Override
    public List<Channel> channels() {
        return device.channels();
    }

    @Override
    public InFlight walk() {
        return walk;
    }

    @Override
    public InFlight nested() {
        return nested;
    }

    @Override
    public InFlight answer() {
        return answer;
    }

    @Override
    public InFlight access() {
        return access;
    }

    // ---------------------------------------------------------------- what is the device's

    @Override
    public boolean hasAts() {
        return device.hasAts();
    }

    @Override
    public boolean ats() {
        return device.ats();
    }

    @Override
    public boolean pasidWithTranslated() {
        return device.pasidWithTranslated();
    }

    @Override
    public boolean pri() {
        return device.pri();
    }

    @Override
    public Tlb atc() {
        return device.atc();
    }

    @Override
    public boolean stalls() {
        return device.stalls();
    }

    @Override
    public boolean trusted() {
        return device.trusted();
    }

    @Override
    public boolean completes() {
        return device.completes();
    }

    @Override
    public int tags() {
        return device.tags();
    }

    // ---------------------------------------------------------------- refusals

    @Override
    public void refuse(Answer with) {
        refused.set(with == Answer.UNSUPPORTED ? UNSUPPORTED : 1);
    }

    boolean refused() {
        return refused.get() != 0;
    }

    /** Whether its translation request was refused; forgets it. An Unsupported Request has the device turn ATS off. */
    boolean takeRefusal() {
        long how = refused.get();
        refused.set(0);
        if (how == UNSUPPORTED) {
            device.turnAtsOff();
        }
        return how != 0;
    }

    // ---------------------------------------------------------------- page requests

    /** Whether it waits for the response to a page request. */
    boolean waiting() {
        return requested.get() != 0;
    }

    /**
     * Sends one request of a group. The first one says which page is waited for.
     *
     * @param last whether it is the group's last
     * @return the code with which the hardware answers at once, or {@link PageRequest#NONE}
     */
    int request(Turn turn, int pasid, long page, int access, boolean last) {
        PageRequest request = new PageRequest(device.number(), pasid, page << Frames.PAGE_SHIFT, index, last, access);
        await(turn, request);
        return device.iommu().request(turn, request);
    }

    private static int kind(int access) {
        return access & KIND;
    }

    @Override
    public void stall(Turn turn, PageRequest request) {
        await(turn, request);
    }

    /** From now on a response to this request, or to its group, is waited for. */
    private void await(Turn turn, PageRequest request) {
        device.spend();
        if (waiting()) {
            requestedBy.add(1L << MORE_SHIFT);
        } else {
            requested.set((request.addr() >>> Frames.PAGE_SHIFT) + 1);
            requestedBy.set((long) request.pasid() << KIND_BITS | kind(request.access()));
        }
        turn.emit(Kind.PAGE_REQUEST, () -> new Event.PageRequest(device.name(), request.pasid(), request.addr(), request.group(),
                request.last(), Device.word(request.access())));
    }

    @Override
    public void respond(Turn turn, int group, int code) {
        device.respond(turn, group, code);
    }

    /** The response to its group arrives. */
    void responds(Turn turn, int group, int code) {
        int access = (int) requestedBy.get() & KIND;
        long page = requested.get() - 1;
        int pasid = (int) requestedBy.get() >>> KIND_BITS;
        response.set(code + 1L);
        turn.emit(Kind.PAGE_RESPONSE, () -> new Event.PageResponse(device.name(), pasid, page << Frames.PAGE_SHIFT,
                group, true, Device.word(access), code));
    }

    boolean responded() {
        return response.get() != 0;
    }

    /** Takes the response to its group, which gives all its credits back: the code. */
    int takeResponse() {
        int code = (int) response.get() - 1;
        forgetRequest();
        return code;
    }

    void forgetRequest() {
        if (waiting()) {
            device.giveBack((int) (requestedBy.get() >>> MORE_SHIFT) + 1);
        }
        response.set(0);
        requested.set(0);
        requestedBy.set(0);
    }

    /** Whether it holds a translation of a PASID, or is about to. */
    boolean uses(int pasid) {
        return uses(walk, pasid) | uses(answer, pasid) | uses(access, pasid);
    }

    private static boolean uses(InFlight place, int pasid) {
        return place.busy() && place.pasid() == pasid;
    }
}
