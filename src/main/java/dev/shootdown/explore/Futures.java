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
    private int[] owners = new int[256];
    /** What the step touched, and what its readiness was seen to depend on. */
    private int[] touched = new int[256];
    /** Whether its readiness depends on nothing. */
    private boolean[] always = new boolean[256];
    /** In the state asked about, if the stamp is the present one: {@link #waiting}. */
    private int[] stamps = new int[256];
    private int[] waits = new int[256];
    private int[] walked = new int[256];
    private int count;
    private int stamp;
    private int[] open = new int[64];
    private int openCount;
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
        owners[count] = actor.number();
        always[count] = agenda == null;
        byAgenda.put(key, count);
        return count++;
    }

    private void grow() {
        int length = 2 * count;
        heads = Arrays.copyOf(heads, length);
        next = Arrays.copyOf(next, length);
        touched = Arrays.copyOf(touched, length);
        owners = Arrays.copyOf(owners, length);
        always = Arrays.copyOf(always, length);
        stamps = Arrays.copyOf(stamps, length);
        waits = Arrays.copyOf(waits, length);
        walked = Arrays.copyOf(walked, length);
    }

    void guard(int node, int reads) {
        touched[node] = sets.union(touched[node], reads);
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
        openCount = 0;
        for (int actor = 0; actor < reach.length; actor++) {
            if ((still >>> actor & 1) == 0) {
                open(nodes[at + actor]);
            }
        }
        boolean more = true;
        while (more) {
            more = pass();
        }
    }

    /** Passes all open nodes that can be passed; the others stay. Returns whether there was one: it may let others pass. */
    private boolean pass() {
        int kept = 0;
        boolean any = false;
        for (int i = 0; i < openCount; i++) {
            int node = open[i];
            if (!passes(node)) {
                open[kept++] = node;
                continue;
            }
            any = true;
            reach[owners[node]] = sets.union(reach[owners[node]], touched[node]);
            for (int to : next[node]) {
                open(to);
            }
        }
        openCount = kept;
        return any;
    }

    private void open(int node) {
        if (walked[node] != stamp) {
            walked[node] = stamp;
            if (openCount == open.length) {
                open = Arrays.copyOf(open, 2 * openCount);
            }
            open[openCount++] = node;
        }
    }

    /** What an actor may touch before those who stand still move. */
    int reach(int actor) {
        return reach[actor];
    }

    private boolean passes(int node) {
        int wait = always[node] ? PlaceSets.NOTHING : waiting(node);
        for (int actor = 0; wait != PlaceSets.NOTHING && actor < reach.length; actor++) {
            if (sets.meet(reach[actor], wait)) {
                return true;
            }
        }
        return wait == PlaceSets.NOTHING;
    }

    /** What has to change before the node's step is ready; nothing if it is. */
    private int waiting(int node) {
        if (stamps[node] != stamp) {
            stamps[node] = stamp;
            footprint.clear();
            waits[node] = ready(heads[node]) ? PlaceSets.NOTHING : sets.of(footprint);
            always[node] = footprint.hash() == 0;
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
