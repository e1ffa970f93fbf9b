package dev.shootdown.mm;

import dev.shootdown.memory.Cpus;
import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Owners;
import dev.shootdown.memory.Use;
import dev.shootdown.notifier.Notifier;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Choice;
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
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A machine without devices, on which kernel operations are run and looked at. */
final class Bench implements Listener {
    final World world = new World();
    final Trace trace = new Trace();
    final Engine engine = new Engine(world, trace);
    final Frames frames;
    final Kernel kernel;
    final Notifier notifier;
    final Cpus cpus;
    final List<Moment> moments = new ArrayList<>();
    final TableLedger tables;
    private final Map<String, Actor> threads = new HashMap<>();
    private boolean listening;

    Bench(KernelVersion version) {
        this(version, 4, 1 << 17);
    }

    Bench(KernelVersion version, int levels, long memory) {
        frames = new Frames(world, memory);
        Owners owners = new Owners(world);
        cpus = new Cpus(engine, 2, 64);
        notifier = new Notifier(world, version.contract(), owners);
        tables = new TableLedger(levels);
        trace.add(tables);
        kernel = new Kernel(engine, version, levels, frames, cpus, owners, notifier);
    }

    Bench listen() {
        if (!listening) {
            listening = true;
            trace.add(this);
        }
        return this;
    }

    @Override
    public long kinds() {
        return -1;
    }

    @Override
    public void on(Moment moment) {
        moments.add(moment);
    }

    /** A process with a thread, and its number. */
    int process(String name) {
        int mm = kernel.create(name);
        thread(name + ".main", mm, 0);
        return mm;
    }

    Actor thread(String name, int mm, int cpu) {
        return threads.computeIfAbsent(name, n -> {
            Actor actor = engine.actor(n);
            kernel.thread(actor, mm, cpu);
            return actor;
        });
    }

    Actor thread(String name) {
        return threads.get(name);
    }

    /** Runs steps to their end, in order, and returns the actor's result. */
    long run(Actor actor, Step... steps) {
        engine.assign(actor, List.of(steps));
        Schedule schedule = new Schedule.InOrder(List.of(actor));
        while (!engine.idle(actor)) {
            Choice choice = schedule.next(engine);
            if (choice == null) {
                throw new AssertionError("stuck at " + actor.agenda().head());
            }
            engine.step(choice);
        }
        long result = actor.result();
        engine.assign(actor, List.of(new Taken()));
        engine.step(actor, 0);
        return result;
    }

    /** Takes the result, as whoever makes a call does. */
    private record Taken() implements Step {
        @Override
        public void run(Turn turn) {
            turn.takeResult();
            turn.takeRemark();
        }
    }

    long run(String actor, Step... steps) {
        return run(thread(actor), steps);
    }

    /** Lets everybody else finish what waits. */
    void settle() {
        Schedule schedule = new Schedule.InOrder(List.of());
        for (Choice choice = schedule.next(engine); choice != null; choice = schedule.next(engine)) {
            engine.step(choice);
        }
    }

    /** An anonymous private mapping of this many pages, somewhere. */
    long map(String actor, int mm, long pages) {
        return run(actor, new Mmap(mm, 0, pages << 12, Vma.READ | Vma.WRITE, Mmap.PRIVATE | Mmap.ANONYMOUS, 0, 0));
    }

    List<Event> events() {
        return moments.stream().map(Moment::event).toList();
    }

    // ---------------------------------------------------------------- invariants

    /**
     * References and mapping counts are what the page tables and the page caches say; so are the counters of the resident
     * set. No frame is two things at once. Page tables are freed once. VMAs are sorted, disjoint, and in user space.
     */
    void check(int... spaces) {
        Map<Long, Integer> mapped = new HashMap<>();
        Map<Long, Integer> held = new HashMap<>();
        Set<Long> seen = new HashSet<>();
        for (int mm : spaces) {
            if (kernel.alive(mm)) {
                long[] rss = new long[Rss.values().length];
                walk(kernel.root(mm), kernel.levels(), mapped, held, rss, seen);
                for (Rss kind : Rss.values()) {
                    equal(rss[kind.ordinal()], kernel.rss(mm, kind), kind + " of " + mm);
                }
                disjoint(mm);
            }
        }
        for (long frame = frames.nextInUse(0); frame != 0; frame = frames.nextInUse(frame)) {
            if (frames.use(frame) != Use.KERNEL) {
                boolean cached = frames.owner(frame) >= Owners.FILES && kernel.files().frame(frames.owner(frame), kernel.folios().index(frame)) == frame;
                equal(mapped.getOrDefault(frame, 0), frames.mappings(frame), "mappings of " + frame);
                held.merge(frames.head(frame), (cached ? 1 : 0) + (kernel.swap().slot(frame) != 0 ? 1 : 0), Integer::sum);
            }
        }
        for (long frame : mapped.keySet()) {
            if (!EnumSet.of(Use.ANONYMOUS, Use.FILE, Use.SHARED).contains(frames.use(frames.head(frame)))) {
                throw new AssertionError("frame " + frame + " is mapped, and is " + frames.use(frame));
            }
        }
        for (long frame = frames.nextInUse(0); frame != 0; frame = frames.nextInUse(frame)) {
            if (frames.use(frame) == Use.TABLE && !tables.live(frame) && !root(frame, spaces)) {
                throw new AssertionError("page table " + frame + " is in use, and was freed or never made");
            }
            if (frames.use(frame) != Use.KERNEL && frames.head(frame) == frame) {
                equal(held.getOrDefault(frame, 0), frames.references(frame), "references of " + frame + " " + frames.use(frame));
            }
        }
        equal(world.recounted(), world.fingerprint(), "fingerprint");
    }

    private boolean root(long frame, int... spaces) {
        return Arrays.stream(spaces).anyMatch(mm -> kernel.alive(mm) && kernel.root(mm) == frame);
    }

    private void walk(long table, int level, Map<Long, Integer> mapped, Map<Long, Integer> held, long[] rss, Set<Long> seen) {
        held.merge(table, 1, Integer::sum);
        if (!seen.add(table) || frames.use(table) != Use.TABLE) {
            throw new AssertionError("page table " + table + " is " + frames.use(table) + ", or in two places");
        }
        for (int i = 0; i < Frames.WORDS; i++) {
            long entry = frames.word(table, i);
            if (level == 2 && Entry.huge(entry)) {
                huge(table, i, entry, mapped, held, rss);
            } else if (entry != 0 && level > 1) {
                walk(Entry.frame(entry), level - 1, mapped, held, rss, seen);
            } else if (Entry.mapped(entry) && Entry.frame(entry) != kernel.zeroFrame()) {
                mapped.merge(Entry.frame(entry), 1, Integer::sum);
                held.merge(frames.head(Entry.frame(entry)), 1, Integer::sum);
                rss[Rss.of(frames, Entry.frame(entry), kernel.version()).ordinal()]++;
            } else if (SwapEntry.swapped(entry)) {
                rss[Rss.SWAP.ordinal()]++;
            }
        }
    }

    private void huge(long table, int index, long entry, Map<Long, Integer> mapped, Map<Long, Integer> held, long[] rss) {
        held.merge(kernel.thp().deposited(table, index), 1, Integer::sum);
        if (kernel.thp().isZero(entry)) {
            return;
        }
        for (int i = 0; i < Thp.PAGES; i++) {
            mapped.merge(Entry.frame(entry) + i, 1, Integer::sum);
        }
        held.merge(Entry.frame(entry), 1, Integer::sum);
        rss[Rss.ANON.ordinal()] += Thp.PAGES;
    }

    private void disjoint(int mm) {
        long end = 0;
        for (Vma vma : kernel.vmas().all(mm)) {
            boolean inside = vma.start() >= KernelVersion.MMAP_MIN_ADDR && vma.end() <= KernelVersion.TASK_SIZE;
            if (!inside || ((vma.start() | vma.end()) & Frames.PAGE_SIZE - 1) != 0) {
                throw new AssertionError("no place for " + vma);
            }
            if (vma.start() < end || vma.end() <= vma.start()) {
                throw new AssertionError("overlap at " + vma);
            }
            end = vma.end();
        }
        equal(kernel.vmas().all(mm).size(), kernel.vmas().count(mm), "map_count");
    }

    private static void equal(long expected, long found, String what) {
        if (expected != found) {
            throw new AssertionError(what + ": expected " + expected + ", found " + found);
        }
    }
}
