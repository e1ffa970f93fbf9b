package dev.shootdown.explore;

import dev.shootdown.sim.Branch;
import java.util.Arrays;

/** Questions met, by where they look, to be taken up again when something else may be there. */
final class Waits {
    static final int NONE = -1;

    private int count;
    private Branch[] branches = new Branch[256];
    private int[] nodes = new int[256];
    private boolean[] guards = new boolean[256];
    private int[] found = new int[256];
    private int[] next = new int[256];
    /** By place: where the list of those for it begins, and the question in which it does. */
    private int[] heads = new int[256];
    private int[] stamps = new int[256];
    /** Those that look at more than one word. */
    private int wide = NONE;
    private int stamp;

    /** @param places how many places have numbers */
    void clear(int places) {
        count = 0;
        wide = NONE;
        stamp++;
        if (places > heads.length) {
            heads = Arrays.copyOf(heads, 2 * places);
            stamps = Arrays.copyOf(stamps, 2 * places);
        }
    }

    /** @param found in {@link Guards}, what the test for readiness had found before */
    void add(Branch branch, int node, boolean guard, int found) {
        if (count == nodes.length) {
            grow();
        }
        branches[count] = branch;
        nodes[count] = node;
        guards[count] = guard;
        this.found[count] = found;
        int place = branch.number();
        if (place >= 0) {
            next[count] = stamps[place] == stamp ? heads[place] : NONE;
            heads[place] = count;
            stamps[place] = stamp;
        } else {
            next[count] = wide;
            wide = count;
        }
        count++;
    }

    private void grow() {
        branches = Arrays.copyOf(branches, 2 * count);
        nodes = Arrays.copyOf(nodes, 2 * count);
        guards = Arrays.copyOf(guards, 2 * count);
        found = Arrays.copyOf(found, 2 * count);
        next = Arrays.copyOf(next, 2 * count);
    }

    /** The first of those for a place. */
    int first(int place) {
        return stamps[place] == stamp ? heads[place] : NONE;
    }

    int next(int wait) {
        return next[wait];
    }

    /** Takes one of those that look at more than one word, one of which is this; {@link #NONE} if there is none. */
    int takeWide(long place) {
        int before = NONE;
        for (int at = wide; at != NONE; at = next[at]) {
            if (place >= branches[at].place() && place < branches[at].place() + branches[at].width()) {
                if (before == NONE) {
                    wide = next[at];
                } else {
                    next[before] = next[at];
                }
                return at;
            }
            before = at;
        }
        return NONE;
    }

    Branch branch(int wait) {
        return branches[wait];
    }

    int node(int wait) {
        return nodes[wait];
    }

    boolean guard(int wait) {
        return guards[wait];
    }

    /** In {@link Guards}, what the test for readiness had found before. */
    int found(int wait) {
        return found[wait];
    }
}
