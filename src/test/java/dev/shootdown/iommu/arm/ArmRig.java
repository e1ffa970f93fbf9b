package dev.shootdown.iommu.arm;

import dev.shootdown.device.Device;
import dev.shootdown.device.DeviceOptions;
import dev.shootdown.device.Devices;
import dev.shootdown.device.DmaAccess;
import dev.shootdown.driver.Drivers;
import dev.shootdown.driver.ServeInterrupts;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Tables;
import dev.shootdown.memory.Use;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Schedule;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.World;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Listener;
import dev.shootdown.trace.Moment;
import dev.shootdown.trace.Trace;
import java.util.ArrayList;
import java.util.List;

/** An SMMU with one device, a thread and a hand-built page table; it remembers what was emitted. */
final class ArmRig {
    static final int PASID = 1;
    static final int OWNER = 1;
    static final long BUFFER = 0x7f00_0000_0000L;
    static final long PAGE = Frames.PAGE_SIZE;
    static final long RW = Entry.PRESENT | Entry.WRITE | Entry.USER;
    static final DeviceOptions PLAIN = DeviceOptions.DEFAULT;
    static final DeviceOptions STALL = PLAIN.stall(true);
    static final DeviceOptions ATS = PLAIN.ats(true);
    static final DeviceOptions PRI = ATS.pri(true);

    final World world = new World();
    final Trace trace = new Trace();
    final Engine engine = new Engine(world, trace);
    final Frames frames = new Frames(world, 4096);
    final Tables tables = new Tables(frames);
    final Iommus iommus = new Iommus(engine, frames, 4);
    final ArmIommu smmu;
    final Devices devices;
    final Device gpu;
    final Actor app;
    final long root;
    final List<Event> events = new ArrayList<>();

    ArmRig(DeviceOptions options) {
        this(options, IommuOptions.DEFAULT, ArmFeatures.DEFAULT);
    }

    ArmRig(DeviceOptions options, IommuOptions sizes, ArmFeatures features) {
        smmu = new ArmIommu(iommus, "smmu0", sizes, features);
        devices = new Devices(iommus);
        gpu = devices.device("gpu", smmu, options);
        app = engine.actor("app.main");
        root = frames.allocate(Use.TABLE, OWNER);
        smmu.table(gpu, PASID, root);
        trace.add(new Listener() {
            @Override
            public long kinds() {
                return -1;
            }

            @Override
            public void on(Moment moment) {
                events.add(moment.event());
            }
        });
    }

    /** The kernel's thread serves interrupts from now on. */
    ArmRig served() {
        new Drivers(world, iommus);
        engine.assign(smmu.faults(), List.of(new ServeInterrupts(smmu.number())));
        return this;
    }

    /** Maps a new page at an address, with tables as needed, and returns its frame. */
    long map(long address, long bits) {
        long frame = frames.allocate(Use.ANONYMOUS, OWNER);
        tables.entry(table(address, 1), address, 1, Entry.of(frame, bits));
        return frame;
    }

    /** The table of a level for an address, allocated with those above it if need be. */
    long table(long address, int level) {
        long table = root;
        for (int at = 4; at > level; at--) {
            long entry = tables.entry(table, address, at);
            if (!Entry.present(entry)) {
                entry = Entry.of(frames.allocate(Use.TABLE, OWNER), RW);
                tables.entry(table, address, at, entry);
            }
            table = Entry.frame(entry);
        }
        return table;
    }

    void unmap(long address) {
        tables.entry(table(address, 1), address, 1, 0);
    }

    void run(Actor actor, List<? extends Step> steps) {
        engine.assign(actor, steps);
        run();
    }

    void run(Actor actor, Step... steps) {
        run(actor, List.of(steps));
    }

    /** Lets everybody run until nobody can. */
    void run() {
        Schedule schedule = new Schedule.InOrder(List.of(app, gpu.actor()));
        for (var choice = schedule.next(engine); choice != null; choice = schedule.next(engine)) {
            engine.step(choice);
        }
    }

    void step(Actor actor, int choice) {
        if (!engine.ready(actor)) {
            throw new AssertionError(actor.name() + " is not ready for " + actor.agenda());
        }
        engine.step(actor, choice);
    }

    /** Lets an actor go as far as it can, alone. */
    void exhaust(Actor actor) {
        while (engine.ready(actor)) {
            engine.step(actor, 0);
        }
    }

    boolean done(Actor actor) {
        return actor.agenda() == null;
    }

    <E extends Event> List<E> all(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    <E extends Event> E last(Class<E> type) {
        return all(type).getLast();
    }

    /** The lines that the kernel has printed last. */
    List<String> log() {
        return last(Event.IoPageFault.class).log().lines().toList();
    }

    /** The record that was written last. */
    ArmEvent record() {
        int at = smmu.events().size() - 1;
        return ArmEvent.decode(smmu.events().word(at, 0), smmu.events().word(at, 1), smmu.events().word(at, 2), smmu.events().word(at, 3));
    }

    int sid() {
        return Iommus.requester(gpu.number());
    }

    DmaAccess write(long address) {
        return DmaAccess.write(gpu.number(), PASID, address, address + PAGE, 0xab);
    }

    DmaAccess read(long address) {
        return DmaAccess.read(gpu.number(), PASID, address, address + PAGE);
    }

    /** How the last access ended. */
    String outcome() {
        return last(Event.Dma.class).outcome();
    }

    /** What Linux does to invalidate a range. */
    List<Step> flush(long start, long end) {
        List<Step> steps = new ArrayList<>(smmu.flushIotlb(PASID, start, end));
        steps.addAll(smmu.sync());
        steps.addAll(smmu.flushAtc(gpu.number(), PASID, start, end));
        steps.addAll(smmu.sync());
        return steps;
    }
}
