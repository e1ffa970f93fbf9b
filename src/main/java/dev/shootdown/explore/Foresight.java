package dev.shootdown.explore;

import dev.shootdown.sim.Branch;
import dev.shootdown.sim.Effect;
import dev.shootdown.sim.Repertoire;
import java.util.Arrays;

/**
 * How far actors can come from a given state while some others stand still, as far as has been learnt ({@link Repertoire}).
 * Where a step asks for what none of those who move may write, it goes the one way that the present value leads; where it asks
 * for anything else, all ways that were ever met.
 *
 * <p>It says nothing of what was never explored. For the question that {@link ReducedSearch} asks, whether somebody could
 * have come before a step, that is enough: whatever does so was met, with the values that it finds, in some order behind that step.
 */
final class Foresight {

    private static final int MOST = 4;
    /** Among the nodes behind a question about readiness: it may be ready. */
    private static final int READY = -1;

    private final Repertoire repertoire;
    private final PlaceSets sets;
    private final int actors;
    private final Changes changes;
    private final Waits waits = new Waits();
    private final Guards guards = new Guards();
    private int[] open = new int[64];
    private int openCount;
    /** By node: in which question it was opened. */
    private int[] opened = new int[256];
    private int stamp;
    /** By node: what else than its own cells a step there was seen to depend on. */
    private int[] besides = new int[0];
    private int asked;
    private long undecided;
    private long meeting;

    Foresight(Repertoire repertoire, PlaceSets sets, int actors) {
        this.repertoire = repertoire;
        this.sets = sets;
        this.actors = actors;
        this.changes = new Changes(sets);
    }

    /**
     * Which of some actors may, from the state where the machine stands, touch what a set meets.
     *
     * @param nodes      where each actor stands, from an index on
     * @param still      the set of those who stand still
     * @param candidates the set of those who are asked about
     */
    long meeting(int[] nodes, int at, long still, long candidates, int set) {
        stamp++;
        changes.clear();
        waits.clear(sets.placeCount());
        guards.clear();
        openCount = 0;
        asked = set;
        undecided = candidates;
        meeting = 0;
        for (int actor = 0; actor < actors; actor++) {
            if ((still >>> actor & 1) == 0) {
                open(nodes[at + actor]);
            }
        }
        for (int i = 0; undecided != 0 && (i < openCount || changes.any()); ) {
            if (changes.any()) {
                wake(changes.take());
            } else {
                int node = open[i++];
                begin(node);
            }
        }
        return meeting;
    }

    /** A step from a node is seen by who looks at these places too. */
    void besides(int node, int places) {
        if (node >= besides.length) {
            int from = besides.length;
            besides = Arrays.copyOf(besides, 2 * node + 64);
            Arrays.fill(besides, from, besides.length, PlaceSets.NOTHING);
        }
        besides[node] = sets.union(besides[node], places);
    }

    private int besides(int node) {
        return node < besides.length ? besides[node] : PlaceSets.NOTHING;
    }

    private void begin(int node) {
        if (repertoire.guard(node) != null) {
            go(node, repertoire.guard(node), true, Guards.NONE);
        }
    }

    private void open(int node) {
        if (node >= opened.length) {
            int length = Math.max(2 * opened.length, node + 1);
            opened = Arrays.copyOf(opened, length);
        }
        if (opened[node] != stamp) {
            opened[node] = stamp;
            if (openCount == open.length) {
                open = Arrays.copyOf(open, 2 * openCount);
            }
            open[openCount++] = node;
        }
    }

    /**
     * Follows questions to where they lead.
     *
     * @param found what the test for readiness found, before the step; of the test itself, what it has found so far
     */
    private void go(int node, Object first, boolean guard, int found) {
        Object at = Branch.past(first);
        int known = found;
        while (at instanceof Branch branch) {
            int answered = guard ? Guards.NONE : guards.find(known, branch);
            if (answered == Guards.NONE && (!branch.footprinted() || changes.has(branch))) {
                fan(node, branch, guard, known);
                return;
            }
            long value = answered == Guards.NONE ? branch.value() : guards.value(answered);
            if (answered == Guards.NONE) {
                waits.add(branch, node, guard, known);
                known = guard ? guards.add(known, branch, value) : known;
            }
            at = branch.onward(value);
            if (at == null) {
                touch(node, branch.places());
            }
        }
        if (at instanceof Effect effect) {
            take(node, effect);
        } else if (at instanceof Repertoire.Readiness readiness && readiness.choices() > 0) {
            touch(node, readiness.places());
            pass(node, known);
        }
    }

    private void take(int node, Effect effect) {
        touch(node, effect.places());
        touch(node, besides(node));
        changes.add(effect.places());
        open(effect.node());
    }

    /** Goes all ways that were met from a question whose answer may be anything; if they are many, at once. */
    private void fan(int node, Branch branch, boolean guard, int found) {
        if (branch.answers() <= MOST || branch.position()) {
            touch(node, branch.places());
            for (int i = 0; i < branch.count(); i++) {
                go(node, branch.next(i), guard, guard ? guards.add(found, branch, branch.valueAt(i)) : found);
            }
            return;
        }
        touch(node, branch.all());
        if (!guard) {
            touch(node, besides(node));
            changes.add(branch.all());
        }
        for (int next : branch.nodes()) {
            if (next >= 0) {
                open(next);
            } else if (next == READY) {
                pass(node, found);
            }
        }
    }

    /** A step is taken where its test for readiness has just found what it found. */
    private void pass(int node, int found) {
        for (Object first : repertoire.steps(node)) {
            if (first != null) {
                go(node, first, false, found);
            }
        }
        for (Effect effect : repertoire.opaque(node)) {
            take(node, effect);
        }
    }

    /** What was taken for fixed at a place may be anything. */
    private void wake(int place) {
        for (int wait = waits.first(place); wait != Waits.NONE; wait = waits.next(wait)) {
            fan(waits.node(wait), waits.branch(wait), waits.guard(wait), waits.found(wait));
        }
        for (int wait = waits.takeWide(sets.placeOf(place)); wait != Waits.NONE; wait = waits.takeWide(sets.placeOf(place))) {
            fan(waits.node(wait), waits.branch(wait), waits.guard(wait), waits.found(wait));
        }
    }

    private void touch(int node, int places) {
        int actor = repertoire.owner(node);
        if ((undecided >>> actor & 1) != 0 && sets.meet(asked, places)) {
            undecided &= ~(1L << actor);
            meeting |= 1L << actor;
        }
    }
}
