package dev.shootdown.explore;

import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Agenda;
import dev.shootdown.sim.Footprint;
import dev.shootdown.sim.Hash;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.World;
import java.util.Arrays;

/**
 * What a search has learnt of each actor by itself: from which agenda it came to which, and what it touched there. In
 * a given state it tells how far each of some actors can come while all others stand still: a step that waits
 * is passed only if it is ready in that state, or if one of them writes what its readiness depends on.
 *
 * <p>It says nothing of what was never explored. For the question that {@link ReducedSearch} asks, whether somebody
 * could have come before a step, that is enough: whatever does so was met in some order behind that step.
 */
final class Futures {
    private static final int[] NONE = new int[0];

    private final World world;
    private final PlaceSets sets;
    private final Footprint footprint = new Footprint();
    private final LongIndex byAgenda = new LongIndex();
    private Step[] heads = new Step[256];
    private int[][] next = new int[256][];
    /** What the step touched; and what its readiness was seen to depend on. */
    private int[] touched = new int[256];
    private int[] guards = new int[256];
    /** In the state asked about, if the stamp is the present one: {@link #waiting}. */
    private int[] stamps = new int[256];
    private int[] waits = new int[256];
    private int[] walked = new int[256];
    private int count;
    private int stamp;
    private int walk;
    private int[] open = new int[64];
    private final int[] reach;

    Futures(World world, PlaceSets sets, int actors) {
        this.world = world;
        this.sets = sets;
        this.reach = new int[actors];
    }

    // ---------------------------------------------------------------- learning

    /** The number of what an actor has still to do. */
    int node(Actor actor) {
        Agenda agenda = actor.agenda();
        long key = Hash.mix(actor.number(), agenda == null ? 0 : agenda.hash());
        int known = byAgenda.get(key);
        if (known >= 0) {
            return known;
        }
        if (count == heads.length) {
            grow();
        }
        heads[count] = agenda == null ? null : agenda.head();
        next[count] = NONE;
        touched[count] = PlaceSets.NOTHING;
        guards[count] = PlaceSets.NOTHING;
        byAgenda.put(key, count);
        return count++;
    }

    private void grow() {
        int length = 2 * count;
        heads = Arrays.copyOf(heads, length);
        next = Arrays.copyOf(next, length);
        touched = Arrays.copyOf(touched, length);
        guards = Arrays.copyOf(guards, length);
        stamps = Arrays.copyOf(stamps, length);
        waits = Arrays.copyOf(waits, length);
        walked = Arrays.copyOf(walked, length);
    }

    void guard(int node, int reads) {
        guards[node] = sets.union(guards[node], reads);
    }

    void step(int from, int touches, int to) {
        touched[from] = sets.union(touched[from], touches);
        for (int known : next[from]) {
            if (known == to) {
                return;
            }
        }
        next[from] = Arrays.copyOf(next[from], next[from].length + 1);
        next[from][next[from].length - 1] = to;
    }

    // ---------------------------------------------------------------- asking

    /**
     * Finds how far actors can come from the state where the machine stands.
     *
     * @param nodes where each actor stands, from an index on
     * @param still the set of those who stand still
     */
    void ask(int[] nodes, int at, long still) {
        stamp++;
        Arrays.fill(reach, PlaceSets.NOTHING);
        boolean more = true;
        while (more) {
            more = false;
            for (int actor = 0; actor < reach.length; actor++) {
                if ((still >>> actor & 1) == 0) {
                    int before = reach[actor];
                    walk(actor, nodes[at + actor]);
                    more |= reach[actor] != before;
                }
            }
        }
    }

    /** What an actor may touch before those who stand still move. */
    int reach(int actor) {
        return reach[actor];
    }

    private void walk(int actor, int from) {
        walk++;
        walked[from] = walk;
        open[0] = from;
        for (int size = 1; size > 0; ) {
            int node = open[--size];
            if (passes(node)) {
                reach[actor] = sets.union(reach[actor], sets.union(guards[node], touched[node]));
                for (int to : next[node]) {
                    if (walked[to] != walk) {
                        walked[to] = walk;
                        open = size < open.length ? open : Arrays.copyOf(open, 2 * size);
                        open[size++] = to;
                    }
                }
            }
        }
    }

    private boolean passes(int node) {
        int wait = waiting(node);
        for (int actor = 0; wait != PlaceSets.NOTHING && actor < reach.length; actor++) {
            if (sets.meet(reach[actor], wait)) {
                return true;
            }
        }
        return wait == PlaceSets.NOTHING;
    }

    /** What has to change before the node's step is ready; nothing if it is. */
    private int waiting(int node) {
        if (heads[node] == null) {
            return PlaceSets.NOTHING;
        }
        if (stamps[node] != stamp) {
            stamps[node] = stamp;
            footprint.clear();
            waits[node] = ready(heads[node]) ? PlaceSets.NOTHING : sets.of(footprint);
        }
        return waits[node];
    }

    /** A step that lies ahead may ask for what is not there yet: it is taken for ready, which is always safe. */
    private boolean ready(Step step) {
        world.record(footprint);
        try {
            return step.ready(world);
        } catch (RuntimeException e) {
            return true;
        } finally {
            world.record(null);
        }
    }

    long bytes() {
        return 100L * count;
    }
}
