package dev.shootdown.iommu.riscv;

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
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Listener;
import dev.shootdown.trace.Moment;
import dev.shootdown.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A machine of one RISC-V IOMMU, a device, a thread and a hand-built page table, with a memory of what it emitted. */
final class RiscvRig {
    static final int PASID = 1;
    static final int OWNER = 1;
    /** The device's requester id, and device id. */
    static final int GPU = 0x08;
    static final long BUFFER = 0x7f00_0000_0000L;
    static final long PAGE = Frames.PAGE_SIZE;
    static final long RW = Entry.PRESENT | Entry.WRITE | Entry.USER;
    static final long RO = Entry.PRESENT | Entry.USER;
    static final DeviceOptions PLAIN = DeviceOptions.DEFAULT;
    static final DeviceOptions ATS = PLAIN.ats(true);
    static final DeviceOptions PRI = ATS.pri(true);

    final World world = new World();
    final Trace trace = new Trace();
    final Engine engine = new Engine(world, trace);
    final Frames frames = new Frames(world, 4096);
    final Tables tables = new Tables(frames);
    final Iommus iommus = new Iommus(engine, frames, 4);
    final RiscvIommu iommu;
    final Devices devices;
    final Device gpu;
    final Actor app;
    final long root;
    final List<Event> events = new ArrayList<>();

    RiscvRig(DeviceOptions options) {
        this(options, IommuOptions.DEFAULT, Capabilities.DEFAULT);
    }

    RiscvRig(DeviceOptions options, IommuOptions sizes, Capabilities capabilities) {
        iommu = new RiscvIommu(iommus, "riscv0", sizes, capabilities);
        devices = new Devices(iommus);
        gpu = devices.device("gpu", iommu, options);
        app = engine.actor("app.main");
        root = frames.allocate(Use.TABLE, OWNER);
        iommu.table(gpu, PASID, root);
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

    /** What a test does in a turn of its own; of this test alone, so that it may hold anything. */
    private record Do(Consumer<Turn> what) implements Step {
        @Override
        public void run(Turn turn) {
            what.accept(turn);
        }
    }

    void turn(Consumer<Turn> what) {
        run(app, new Do(what));
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

    // ---------------------------------------------------------------- words in memory

    long word(long address) {
        return frames.word(address >>> 12, (int) (address >>> 3) & 511);
    }

    void word(long address, long value) {
        frames.word(address >>> 12, (int) (address >>> 3) & 511, value);
    }

    /** Writes a word of the device's context: 0 tc, 1 iohgatp, 2 ta, 3 fsc, 4 msiptp. */
    void deviceContext(int index, long value) {
        word(iommu.deviceContext(gpu) + 8 * index, value);
    }

    long deviceContext(int index) {
        return word(iommu.deviceContext(gpu) + 8 * index);
    }

    /** Writes a word of the process context: 0 ta, 1 fsc. */
    void processContext(int index, long value) {
        word(iommu.processContext(gpu, PASID) + 8 * index, value);
    }

    // ---------------------------------------------------------------- running

    void assign(Actor actor, List<? extends Step> steps) {
        engine.assign(actor, steps);
    }

    void assign(Actor actor, Step... steps) {
        engine.assign(actor, List.of(steps));
    }

    void run(Actor actor, List<? extends Step> steps) {
        assign(actor, steps);
        run();
    }

    void run(Actor actor, Step... steps) {
        run(actor, List.of(steps));
    }

    /** Lets everybody run until nobody can; fails where that has no end. */
    void run() {
        Schedule schedule = new Schedule.InOrder(List.of(app, gpu.actor()));
        int steps = 0;
        for (var choice = schedule.next(engine); choice != null; choice = schedule.next(engine)) {
            engine.step(choice);
            if (++steps > 100_000) {
                throw new AssertionError("it does not end");
            }
        }
    }

    /** The commands, by the thread, as they are. */
    void send(RiscvCommand... commands) {
        List<Step> steps = new ArrayList<>();
        for (RiscvCommand command : commands) {
            steps.add(iommu.command(command));
        }
        run(app, steps);
    }

    void step(Actor actor) {
        step(actor, 0);
    }

    void step(Actor actor, int alternative) {
        if (!engine.ready(actor)) {
            throw new AssertionError(actor.name() + " is not ready for " + actor.agenda());
        }
        engine.step(actor, alternative);
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

    /** The device writes a page; how that ended. */
    String write(long address) {
        run(gpu.actor(), access(address, true));
        return last(Event.Dma.class).outcome();
    }

    String read(long address) {
        run(gpu.actor(), access(address, false));
        return last(Event.Dma.class).outcome();
    }

    DmaAccess access(long address, boolean write) {
        return write ? DmaAccess.write(gpu.number(), PASID, address, address + PAGE, 0xab)
                : DmaAccess.read(gpu.number(), PASID, address, address + PAGE);
    }

    // ---------------------------------------------------------------- what came of it

    <E extends Event> List<E> all(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    <E extends Event> E last(Class<E> type) {
        return all(type).getLast();
    }

    /** The lines that the kernel has logged. */
    List<String> log() {
        return all(Event.IoPageFault.class).stream().map(Event.IoPageFault::log).toList();
    }

    /** The records that wait in the fault queue. */
    List<FaultRecord> faults() {
        List<FaultRecord> records = new ArrayList<>();
        for (int i = 0; i < iommu.events().size(); i++) {
            int place = i;
            records.add(FaultRecord.decode(index -> iommu.events().word(place, index)));
        }
        return records;
    }

    FaultRecord fault() {
        return faults().getLast();
    }
}
