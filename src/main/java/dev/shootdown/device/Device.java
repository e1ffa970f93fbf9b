package dev.shootdown.device;

import dev.shootdown.iommu.Answer;
import dev.shootdown.iommu.Endpoint;
import dev.shootdown.iommu.InFlight;
import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.PageRequest;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A device: its ATC, its credits, its state, and its channels, each of which does one access at a time. Where only one is
 * asked for, as by who knows of no channels, it is the first.
 */
public final class Device implements Endpoint {
    private final int number;
    private final String name;
    private final Iommu iommu;
    private final DeviceOptions options;
    private final List<Channel> channels = new ArrayList<>();
    private final Tlb atc;
    private final Cell failed;
    private final Cell outstanding;
    private final Cell requests;
    private final Cell faults;
    private final Cell atsOff;
    /** UPRGI: a response has come that answers nothing. */
    private final Cell unexpected;

    /** @param names of its channels; empty for one without a name */
    Device(Engine engine, int number, String name, Iommu iommu, DeviceOptions options, List<String> names) {
        World world = engine.world();
        this.number = number;
        this.name = name;
        this.iommu = iommu;
        this.options = options;
        this.atc = options.ats() ? new Tlb(world, name + ".atc", options.atc()) : null;
        if (names.isEmpty()) {
            channels.add(new Channel(world, this, 0, name, engine.actor(name)));
        }
        for (String channel : names) {
            String full = name + "." + channel;
            channels.add(new Channel(world, this, channels.size(), full, engine.actor(full)));
        }
        this.failed = world.cell(name + ".failed");
        this.outstanding = world.cell(name + ".outstanding");
        this.requests = world.cell(name + ".requests", Role.COUNTER);
        this.faults = world.cell(name + ".faults", Role.COUNTER);
        this.atsOff = world.cell(name + ".ats_off");
        this.unexpected = world.cell(name + ".uprgi");
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

    @Override
    public Device device() {
        return this;
    }

    @Override
    public List<Channel> channels() {
        return Collections.unmodifiableList(channels);
    }

    /** A channel, counted from 0. */
    Channel channel(int index) {
        return channels.get(index);
    }

    private Channel first() {
        return channels.get(0);
    }

    /** Who takes the steps of its first channel. */
    public Actor actor() {
        return first().actor();
    }

    @Override
    public InFlight walk() {
        return first().walk();
    }

    @Override
    public InFlight nested() {
        return first().nested();
    }

    @Override
    public InFlight answer() {
        return first().answer();
    }

    @Override
    public InFlight access() {
        return first().access();
    }

    // ---------------------------------------------------------------- what it can do

    @Override
    public boolean hasAts() {
        return options.ats();
    }

    @Override
    public boolean ats() {
        return options.ats() && atsOff.get() == 0;
    }

    /** It translates no more by itself: what it has cached is gone, and its addresses go out untranslated until it is reset. */
    void turnAtsOff() {
        atsOff.set(1);
        atc.dropAll();
    }

    @Override
    public boolean pasidWithTranslated() {
        return options.pasidWithTranslated();
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
    public boolean stalls() {
        return options.stall();
    }

    @Override
    public boolean trusted() {
        return !options.untrusted();
    }

    @Override
    public boolean completes() {
        return !options.silent();
    }

    @Override
    public int tags() {
        return options.tags();
    }

    // ---------------------------------------------------------------- state

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

    /** Whether a response has come that answers nothing (UPRGI), since it was reset. */
    public boolean unexpected() {
        return unexpected.get() != 0;
    }

    /** Whether any of its channels waits for the response to a page request: what a driver drains. */
    public boolean waiting() {
        boolean waiting = false;
        for (Channel channel : channels) {
            waiting |= channel.waiting();
        }
        return waiting;
    }

    void fault() {
        faults.add(1);
    }

    /** Enters the failure state; emits {@code device_failed}. */
    void fail(Turn turn, String after) {
        failed.set(1);
        turn.emit(Kind.DEVICE_FAILED, () -> new Event.DeviceFailed(name, after));
    }

    /** A reset: the device runs again, with nothing cached, nothing asked for, and its ATS on. */
    void reset() {
        failed.set(0);
        atsOff.set(0);
        unexpected.set(0);
        channels.forEach(Channel::forgetRequest);
        if (atc != null) {
            atc.dropAll();
        }
    }

    /** Whether any channel holds a translation of a PASID. */
    boolean uses(int pasid) {
        boolean uses = false;
        for (Channel channel : channels) {
            uses |= channel.uses(pasid);
        }
        return uses;
    }

    // ---------------------------------------------------------------- page requests

    /** How many page requests it may send now. */
    int credits() {
        return options.credits() - (int) outstanding.get();
    }

    /** Whether it has a credit left. */
    boolean credit() {
        return outstanding.get() < options.credits();
    }

    void spend() {
        requests.add(1);
        outstanding.add(1);
    }

    void giveBack(int credits) {
        outstanding.add(-credits);
    }

    /** Sends a stop marker, and waits for nothing. */
    void mark(Turn turn, int pasid) {
        PageRequest marker = new PageRequest(number, pasid, 0, 0, true, PageRequest.STOP);
        iommu.request(turn, marker);
        turn.emit(Kind.PAGE_REQUEST, () -> new Event.PageRequest(name, pasid, 0, 0, true, "stop"));
    }

    @Override
    public void refuse(Answer answer) {
        first().refuse(answer);
    }

    @Override
    public void stall(Turn turn, PageRequest request) {
        first().stall(turn, request);
    }

    /** A response names a channel's group or, where accesses are stalled, the tag of its stalled access, which is its number. */
    @Override
    public void respond(Turn turn, int group, int code) {
        int index = options.stall() ? group - number : group;
        Channel channel = index >= 0 && index < channels.size() ? channels.get(index) : null;
        if (channel != null && channel.waiting() && !channel.responded()) {
            channel.responds(turn, group, code);
        } else if (!options.stall() && !failed()) {
            unexpected.set(1);
        }
    }

    /** What events call an access of these permissions. */
    static String word(int access) {
        return (access & Translation.WRITE) != 0 ? "write" : (access & Translation.EXECUTE) != 0 ? "execute" : "read";
    }
}
