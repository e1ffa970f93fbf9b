package dev.shootdown.device;

import dev.shootdown.iommu.Answer;
import dev.shootdown.iommu.Endpoint;
import dev.shootdown.iommu.InFlight;
import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.PageRequest;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Tlb;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Cell;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Role;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;

/**
 * A device: its ATC, what it has in flight, its page request, its state. It does one access at a time, of one page
 * at a time.
 */
public final class Device implements Endpoint {
    /** The PRG index that it uses: with one access at a time it has one group outstanding. */
    private static final int GROUP = 0;

    private final int number;
    private final String name;
    private final Iommu iommu;
    private final DeviceOptions options;
    private final Actor actor;
    private final Tlb atc;
    private final InFlight walk;
    private final InFlight answer;
    private final InFlight access;
    private final Cell failed;
    /** Its last translation request was refused; until it takes that. */
    private final Cell refused;
    private final Cell outstanding;
    /** The page that a request is out for, with {@link #requestedBy}; 0 if none is. */
    private final Cell requested;
    private final Cell requestedBy;
    /** The response's code plus 1 until the device takes it; set by the IOMMU alone. */
    private final Cell response;
    private final Cell requests;
    private final Cell faults;

    Device(Engine engine, int number, String name, Iommu iommu, DeviceOptions options) {
        World world = engine.world();
        this.number = number;
        this.name = name;
        this.iommu = iommu;
        this.options = options;
        this.actor = engine.actor(name);
        this.atc = options.ats() ? new Tlb(world, name + ".atc", options.atc()) : null;
        this.walk = new InFlight(world, name + ".walk");
        this.answer = new InFlight(world, name + ".answer");
        this.access = new InFlight(world, name + ".access");
        this.failed = world.cell(name + ".failed");
        this.outstanding = world.cell(name + ".outstanding");
        this.requested = world.cell(name + ".requested");
        this.requestedBy = world.cell(name + ".requested_by");
        this.response = world.cell(name + ".response");
        this.requests = world.cell(name + ".requests", Role.COUNTER);
        this.faults = world.cell(name + ".faults", Role.COUNTER);
        this.refused = world.cell(name + ".refused");
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public String name() {
        return name;
    }

    public Iommu iommu() {
        return iommu;
    }

    public DeviceOptions options() {
        return options;
    }

    public Actor actor() {
        return actor;
    }

    @Override
    public boolean ats() {
        return options.ats();
    }

    @Override
    public boolean pri() {
        return options.pri();
    }

    @Override
    public Tlb atc() {
        return atc;
    }

    @Override
    public InFlight walk() {
        return walk;
    }

    @Override
    public InFlight answer() {
        return answer;
    }

    @Override
    public InFlight access() {
        return access;
    }

    /** Whether it is in its failure state. */
    public boolean failed() {
        return failed.get() != 0;
    }

    /** "running" or "failed". */
    public String state() {
        return failed() ? "failed" : "running";
    }

    /** How many page requests it has made. Outside the fingerprint until somebody asks. */
    public Cell requests() {
        return requests;
    }

    /** How many of its translations failed. Outside the fingerprint until somebody asks. */
    public Cell faults() {
        return faults;
    }

    /** Whether it waits for the response to a page request: what a driver drains. */
    public boolean waiting() {
        return requested.get() != 0;
    }

    // ---------------------------------------------------------------- page requests

    /** Whether it has a credit left. */
    boolean credit() {
        return outstanding.get() < options.credits();
    }

    @Override
    public void refuse(Answer answer) {
        refused.set(1);
    }

    boolean refused() {
        return refused.get() != 0;
    }

    /** Whether its translation request was refused; forgets it. */
    boolean takeRefusal() {
        boolean so = refused();
        refused.set(0);
        return so;
    }

    @Override
    public boolean trusted() {
        return !options.untrusted();
    }

    @Override
    public boolean completes() {
        return !options.silent();
    }

    void fault() {
        faults.add(1);
    }

    /** Sends a page request. The code with which the hardware answers at once, or {@link PageRequest#NONE}. */
    int request(Turn turn, int pasid, long page, boolean write) {
        int wanted = write ? Translation.WRITE : Translation.READ;
        PageRequest request = new PageRequest(number, pasid, page << Frames.PAGE_SHIFT, GROUP, true, wanted);
        await(turn, request);
        return iommu.request(turn, request);
    }

    @Override
    public boolean stalls() {
        return options.stall();
    }

    @Override
    public void stall(Turn turn, PageRequest request) {
        await(turn, request);
    }

    /** From now on a response to this request is waited for. */
    private void await(Turn turn, PageRequest request) {
        boolean write = Translation.allows(request.access(), Translation.WRITE);
        requests.add(1);
        outstanding.add(1);
        requested.set((request.addr() >>> Frames.PAGE_SHIFT) + 1);
        requestedBy.set((long) request.pasid() << 1 | (write ? 1 : 0));
        turn.emit(Kind.PAGE_REQUEST, () -> new Event.PageRequest(name, request.pasid(), request.addr(), request.group(), true, word(write)));
    }

    /** What a response repeats: the index that it uses itself, or the tag of its stalled access, which is its number. */
    private int group() {
        return options.stall() ? number : GROUP;
    }

    @Override
    public void respond(Turn turn, int group, int code) {
        long page = requested.get() - 1;
        if (page < 0 || group != group() || response.get() != 0) {
            return;
        }
        boolean write = (requestedBy.get() & 1) != 0;
        int pasid = (int) (requestedBy.get() >>> 1);
        response.set(code + 1L);
        turn.emit(Kind.PAGE_RESPONSE, () -> new Event.PageResponse(name, pasid, page << Frames.PAGE_SHIFT, group, true,
                word(write), code));
    }

    boolean responded() {
        return response.get() != 0;
    }

    /** Takes the response to its request: the code. */
    int takeResponse() {
        int code = (int) response.get() - 1;
        forgetRequest();
        return code;
    }

    private void forgetRequest() {
        response.set(0);
        outstanding.set(0);
        requested.set(0);
        requestedBy.set(0);
    }

    // ---------------------------------------------------------------- state

    /** Enters the failure state; emits {@code device_failed}. */
    void fail(Turn turn, String after) {
        failed.set(1);
        turn.emit(Kind.DEVICE_FAILED, () -> new Event.DeviceFailed(name, after));
    }

    /** A reset: the device runs again, with nothing cached. */
    void reset() {
        failed.set(0);
        forgetRequest();
        if (atc != null) {
            atc.dropAll();
        }
    }

    static String word(boolean write) {
        return write ? "write" : "read";
    }
}
