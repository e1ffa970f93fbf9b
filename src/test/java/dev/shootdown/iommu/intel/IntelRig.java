package dev.shootdown.iommu.intel;

import dev.shootdown.device.Device;
import dev.shootdown.device.DeviceOptions;
import dev.shootdown.device.Devices;
import dev.shootdown.device.DmaAccess;
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

/** A machine of one VT-d unit, a device, a thread and a hand-built page table, with a memory of what it emitted. */
final class IntelRig {
    static final int PASID = 1;
    static final long BUFFER = 0x7f00_0000_0000L;
    static final long PAGE = Frames.PAGE_SIZE;
    static final long RW = Entry.PRESENT | Entry.WRITE | Entry.USER;
    static final long RO = Entry.PRESENT | Entry.USER;
    static final DeviceOptions PLAIN = DeviceOptions.DEFAULT;
    static final DeviceOptions ATS = PLAIN.ats(true);
    static final DeviceOptions PRI = ATS.pri(true);
    /** The requester id of the first device, at 00:01.0. */
    static final int GPU = 8;

    final World world = new World();
    final Trace trace = new Trace();
    final Engine engine = new Engine(world, trace);
    final Frames frames = new Frames(world, 4096);
    final Tables tables = new Tables(frames);
    final Iommus iommus = new Iommus(engine, frames, 4);
    final IntelIommu intel0;
    final Devices devices;
    final Device gpu;
    final Actor app;
    final long root;
    final List<Event> events = new ArrayList<>();

    IntelRig(DeviceOptions options) {
        this(options, IommuOptions.DEFAULT);
    }

    IntelRig(DeviceOptions options, IommuOptions sizes) {
        intel0 = new IntelIommu(iommus, "intel0", sizes);
        devices = new Devices(iommus);
        gpu = devices.device("gpu", intel0, options);
        app = engine.actor("app.main");
        root = frames.allocate(Use.TABLE, 1);
        intel0.table(gpu, PASID, root);
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

    /** Maps a new page at an address, with tables as needed, and returns its frame. */
    long map(long address, long bits) {
        long frame = frames.allocate(Use.ANONYMOUS, 1);
        tables.entry(table(address, 1), address, 1, Entry.of(frame, bits));
        return frame;
    }

    /** The table of a level for an address, allocated with those above it if need be. */
    long table(long address, int level) {
        long table = root;
        for (int at = 4; at > level; at--) {
            long entry = tables.entry(table, address, at);
            if (!Entry.present(entry)) {
                entry = Entry.of(frames.allocate(Use.TABLE, 1), RW);
                tables.entry(table, address, at, entry);
            }
            table = Entry.frame(entry);
        }
        return table;
    }

    /** Changes the entry of a level for an address. */
    void entry(long address, int level, long entry) {
        tables.entry(table(address, level), address, level, entry);
    }

    // ---------------------------------------------------------------- the scalable-mode tables, by hand

    ScalableTables scalable() {
        return intel0.tables();
    }

    ContextEntry context() {
        return scalable().context(gpu);
    }

    long directoryEntry() {
        return scalable().directoryEntry(context(), PASID);
    }

    long pasidEntry() {
        return scalable().pasidEntry(scalable().word(directoryEntry()), PASID);
    }

    /** Changes some bits of a word of memory. */
    void set(long address, long bits) {
        scalable().word(address, scalable().word(address) | bits);
    }

    void put(long address, long value) {
        scalable().word(address, value);
    }

    // ---------------------------------------------------------------- running

    void assign(Actor actor, List<? extends Step> steps) {
        engine.assign(actor, steps);
    }

    void run(Actor actor, List<? extends Step> steps) {
        assign(actor, steps);
        run();
    }

    void run(Actor actor, Step... steps) {
        run(actor, List.of(steps));
    }

    void run() {
        Schedule schedule = new Schedule.InOrder(List.of(app, gpu.actor()));
        for (var choice = schedule.next(engine); choice != null; choice = schedule.next(engine)) {
            engine.step(choice);
        }
    }

    void step(Actor actor) {
        if (!engine.ready(actor)) {
            throw new AssertionError(actor.name() + " is not ready for " + actor.agenda());
        }
        engine.step(actor, 0);
    }

    void steps(Actor actor, int count) {
        for (int i = 0; i < count; i++) {
            step(actor);
        }
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

    DmaAccess write(long address) {
        return DmaAccess.write(gpu.number(), PASID, address, address + PAGE, 0xab);
    }

    DmaAccess read(long address) {
        return DmaAccess.read(gpu.number(), PASID, address, address + PAGE);
    }

    /** Invalidates a range in the IOMMU and in the device, with one wait behind both. */
    List<Step> flush(long start, long end) {
        List<Step> steps = new ArrayList<>(intel0.flushIotlb(PASID, start, end));
        steps.addAll(intel0.flushAtc(gpu.number(), PASID, start, end));
        steps.addAll(intel0.sync());
        return steps;
    }
}
