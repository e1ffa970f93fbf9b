package dev.shootdown.iommu;

import dev.shootdown.sim.Table;
import dev.shootdown.sim.World;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What has been unmapped and not been invalidated yet: per address space and CPU a queue of ranges, each with the number of
 * flushes that had begun when it came. A flush of everything that began later and has ended covers it. What the queue holds
 * back is the range; whatever it mapped may be somebody else's by then.
 */
public final class FlushQueue {
    /** One CPU's queue of an address space. */
    private record Ring(int space, int cpu) implements Comparable<Ring> {
        private static final Comparator<Ring> ORDER = Comparator.comparingInt(Ring::space).thenComparingInt(Ring::cpu);

        @Override
        public int compareTo(Ring other) {
            return ORDER.compare(this, other);
        }
    }

    /** A range that waits. @param started the flushes that had begun when it came */
    private record Waiting(long start, long end, long started) {}

    /** What waits in a ring. */
    private record Queued(Ring ring, List<Waiting> ranges) {}

    /** Of an address space: how many flushes have begun and have ended, and whether the timer runs. */
    private record Flushes(int space, long started, long finished, boolean timer) {}

    private final Unmapping unmapping;
    private final Table<Ring, Queued> rings;
    private final Table<Integer, Flushes> flushes;

    FlushQueue(World world, String iommu, Unmapping unmapping) {
        this.unmapping = unmapping;
        this.rings = world.table(iommu + ".flush_queue");
        this.flushes = world.table(iommu + ".flush_queue.flushes");
    }

    /** How mappings are taken away. */
    public Unmapping unmapping() {
        return unmapping;
    }

    /** How many ranges wait, in all queues of all address spaces. */
    public int size() {
        return rings.values().stream().mapToInt(queued -> queued.ranges.size()).sum();
    }

    /** The address spaces whose timers run. */
    public List<Integer> timers() {
        return flushes.values().stream().filter(Flushes::timer).map(Flushes::space).toList();
    }

    boolean full(int space, int cpu) {
        return waiting(ring(space, cpu)).size() >= unmapping.entries() - 1;
    }

    /** Puts a range behind the others and starts the timer, if it does not run. */
    void add(int space, int cpu, long start, long end) {
        Ring ring = ring(space, cpu);
        List<Waiting> longer = new ArrayList<>(waiting(ring));
        Flushes now = of(space);
        longer.add(new Waiting(start, end, now.started));
        rings.put(ring, new Queued(ring, List.copyOf(longer)));
        flushes.put(space, new Flushes(space, now.started, now.finished, true));
    }

    /** Takes out what a flush has covered, of one CPU's queue. */
    List<Iova> release(int space, int cpu) {
        return release(ring(space, cpu));
    }

    /** The same of all CPUs' queues. */
    List<Iova> release(int space) {
        List<Iova> released = new ArrayList<>();
        for (Queued queued : rings.values()) {
            if (queued.ring.space == space) {
                released.addAll(release(queued.ring));
            }
        }
        return released;
    }

    private List<Iova> release(Ring ring) {
        long finished = of(ring.space).finished;
        List<Waiting> before = waiting(ring);
        List<Waiting> kept = before.stream().filter(one -> one.started >= finished).toList();
        if (kept.size() != before.size()) {
            rings.put(ring, kept.isEmpty() ? null : new Queued(ring, kept));
            forget(ring.space);
        }
        return before.stream().filter(one -> one.started < finished).map(one -> new Iova(one.start, one.end)).toList();
    }

    void started(int space) {
        Flushes now = of(space);
        flushes.put(space, new Flushes(space, now.started + 1, now.finished, now.timer));
    }

    void finished(int space) {
        Flushes now = of(space);
        flushes.put(space, new Flushes(space, now.started, now.finished + 1, now.timer));
        forget(space);
    }

    /** The timer has run out. */
    void expired(int space) {
        Flushes now = of(space);
        flushes.put(space, new Flushes(space, now.started, now.finished, false));
    }

    /** Where nothing waits, how often there were flushes tells no two states apart. */
    private void forget(int space) {
        Flushes now = of(space);
        if (now.started == now.finished && !rings.anyKey(ring -> ring.space == space)) {
            flushes.put(space, now.timer ? new Flushes(space, 0, 0, true) : null);
        }
    }

    private Flushes of(int space) {
        Flushes known = flushes.get(space);
        return known == null ? new Flushes(space, 0, 0, false) : known;
    }

    private List<Waiting> waiting(Ring ring) {
        Queued there = rings.get(ring);
        return there == null ? List.of() : there.ranges;
    }

    private Ring ring(int space, int cpu) {
        return new Ring(space, unmapping.single() ? 0 : cpu);
    }
}
