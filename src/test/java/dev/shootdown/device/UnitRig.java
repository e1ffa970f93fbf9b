package dev.shootdown.device;

import dev.shootdown.iommu.Iommu;
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
import java.util.function.Function;

/** A machine of one IOMMU, a device, a thread and a hand-built page table, with a memory of what it emitted. */
public abstract class UnitRig<I extends Iommu> {
    public static final int PASID = 1;
    public static final int OWNER = 1;
    public static final long BUFFER = 0x7f00_0000_0000L;
    public static final long PAGE = Frames.PAGE_SIZE;
    public static final long RW = Entry.PRESENT | Entry.WRITE | Entry.USER;
    public static final long RO = Entry.PRESENT | Entry.USER;
    public static final DeviceOptions PLAIN = DeviceOptions.DEFAULT;
    public static final DeviceOptions ATS = PLAIN.ats(true);
    public static final DeviceOptions PRI = ATS.pri(true);

    /** More steps than any of these tests takes. */
    private static final int MANY = 1_000_000;

    public final World world = new World();
    public final Trace trace = new Trace();
    public final Engine engine = new Engine(world, trace);
    public final Frames frames = new Frames(world, 4096);
    public final Tables tables = new Tables(frames);
    public final Iommus iommus = new Iommus(engine, frames, 4);
    public final I unit;
    public final Devices devices;
    public final Device gpu;
    public final Actor app;
    public final long root;
    public final List<Event> events = new ArrayList<>();

    protected UnitRig(DeviceOptions options, Function<Iommus, I> make) {
        unit = make.apply(iommus);
        devices = new Devices(iommus);
        gpu = devices.device("gpu", unit, options);
        app = engine.actor("app.main");
        root = frames.allocate(Use.TABLE, OWNER);
        unit.table(gpu, PASID, root);
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

    // ---------------------------------------------------------------- the process's page table

    /** Maps a new page at an address, with tables as needed, and returns its frame. */
    public long map(long address, long bits) {
        long frame = frames.allocate(Use.ANONYMOUS, OWNER);
        tables.entry(table(address, 1), address, 1, Entry.of(frame, bits));
        return frame;
    }

    /** The table of a level for an address, allocated with those above it if need be. */
    public long table(long address, int level) {
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

    public long pte(long address) {
        return tables.entry(table(address, 1), address, 1);
    }

    /** Clears a page's entry at once. */
    public void unmap(long address) {
        tables.entry(table(address, 1), address, 1, 0);
    }

    // ---------------------------------------------------------------- running

    public void assign(Actor actor, List<? extends Step> steps) {
        engine.assign(actor, steps);
    }

    public void assign(Actor actor, Step... steps) {
        engine.assign(actor, List.of(steps));
    }

    /** Gives the steps to an actor, and lets everybody run until nobody can. */
    public void run(Actor actor, List<? extends Step> steps) {
        assign(actor, steps);
        run();
    }

    public void run(Actor actor, Step... steps) {
        run(actor, List.of(steps));
    }

    /** Lets everybody run until nobody can; fails where that has no end. */
    public void run() {
        Schedule schedule = new Schedule.InOrder(List.of(app, gpu.actor()));
        int steps = 0;
        for (var choice = schedule.next(engine); choice != null; choice = schedule.next(engine)) {
            engine.step(choice);
            if (++steps > MANY) {
                throw new AssertionError("it does not end");
            }
        }
    }

    /** Lets an actor take its next step, which must be ready. */
    public void step(Actor actor) {
        step(actor, 0);
    }

    public void step(Actor actor, int alternative) {
        if (!engine.ready(actor)) {
            throw new AssertionError(actor.name() + " is not ready for " + actor.agenda());
        }
        engine.step(actor, alternative);
    }

    public void steps(Actor actor, int count) {
        for (int i = 0; i < count; i++) {
            step(actor);
        }
    }

    /** Lets an actor go as far as it can, alone. */
    public void exhaust(Actor actor) {
        while (engine.ready(actor)) {
            engine.step(actor, 0);
        }
    }

    public boolean done(Actor actor) {
        return actor.agenda() == null;
    }

    // ---------------------------------------------------------------- what was emitted

    public <E extends Event> List<E> all(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    public <E extends Event> E last(Class<E> type) {
        return all(type).getLast();
    }

    // ---------------------------------------------------------------- what the device does

    public DmaAccess write(long address) {
        return DmaAccess.write(gpu.number(), PASID, address, address + PAGE, 0xab);
    }

    public DmaAccess read(long address) {
        return DmaAccess.read(gpu.number(), PASID, address, address + PAGE);
    }

    /** Everything that the seed's driver does to invalidate a range: IOTLB, wait, ATC, wait. */
    public List<Step> flush(long start, long end) {
        List<Step> steps = new ArrayList<>(unit.flushIotlb(PASID, start, end));
        steps.addAll(unit.sync());
        steps.addAll(unit.flushAtc(gpu.number(), PASID, start, end));
        steps.addAll(unit.sync());
        return steps;
    }
}
