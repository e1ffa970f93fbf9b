package dev.shootdown.explore;

import dev.shootdown.sim.Choice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The run that a depth-first search stands at the end of: for each state on it the mark to rewind to, what it is
 * known by, and the moves not tried yet. It also answers whether a state is on the run, which makes a cycle.
 */
final class Path {
    private int[] marks = new int[64];
    private long[] keys = new long[64];
    /** Where the moves of each state end in {@link #moves}; the next to try is before it. */
    private int[] ends = new int[64];
    private int[] taken = new int[64];
    /** How many moves have been taken from each state. */
    private int[] tried = new int[64];
    private int depth = -1;
    private int[] moves = new int[256];
    /** By move: what the state behind it is known by; 0 where nobody knows yet. */
    private long[] behind = new long[256];
    private long takenKey;
    private int moveCount;
    /** The keys on the run, with open addressing. Taken out in the reverse order, a slot may simply be emptied. */
    private long[] members = new long[256];

    /** How many steps lead to the last state; -1 when there is none. */
    int depth() {
        return depth;
    }

    /** Adds a state as the last. */
    void push(int mark, long key) {
        depth++;
        if (depth == marks.length) {
            grow();
        }
        marks[depth] = mark;
        keys[depth] = key;
        ends[depth] = moveCount;
        tried[depth] = 0;
        if (4 * depth > members.length) {
            enlarge();
        } else {
            members[slotOf(key)] = key;
        }
    }

    /**
     * Adds a move to be tried from the last state; the last one added is tried first.
     *
     * @param key what the state behind it is known by; 0 if nobody knows
     */
    void move(int move, long key) {
        if (moveCount == moves.length) {
            moves = Arrays.copyOf(moves, 2 * moveCount);
            behind = Arrays.copyOf(behind, 2 * moveCount);
        }
        behind[moveCount] = key;
        moves[moveCount++] = move;
    }

    boolean hasMove() {
        return moveCount > ends[depth];
    }

    /** Takes the next move of the last state. */
    int takeMove() {
        int move = moves[--moveCount];
        takenKey = behind[moveCount];
        taken[depth] = move;
        tried[depth]++;
        return move;
    }

    /** Which part of the ways from the first state it has been through, if all ways from one state were as long. */
    double share() {
        double share = 0;
        double weight = 1;
        for (int i = 0; i <= depth && tried[i] > 0; i++) {
            int left = (i == depth ? moveCount : ends[i + 1]) - ends[i];
            weight /= tried[i] + left;
            share += weight * (tried[i] - 1);
        }
        return share;
    }

    /** What the state behind the move taken last is known by; 0 if nobody knows. */
    long takenKey() {
        return takenKey;
    }

    /** The mark of the last state. */
    int mark() {
        return marks[depth];
    }

    void pop() {
        members[slotOf(keys[depth])] = 0;
        moveCount = ends[depth];
        depth--;
    }

    boolean has(long key) {
        return members[slotOf(key)] == key;
    }

    /** The moves taken, the last state's included. */
    List<Choice> choices() {
        List<Choice> choices = new ArrayList<>();
        for (int i = 0; i <= depth; i++) {
            choices.add(Moves.choice(taken[i]));
        }
        return choices;
    }

    /** The moves that lead to one that was not tried yet, with it; as near to the beginning as can be. It is no longer to be tried. Null if there is none. */
    int[] handOver() {
        for (int i = 0; i < depth; i++) {
            if (ends[i] < ends[i + 1]) {
                int[] run = Arrays.copyOf(taken, i + 1);
                run[i] = moves[ends[i]];
                System.arraycopy(moves, ends[i] + 1, moves, ends[i], moveCount - ends[i] - 1);
                System.arraycopy(behind, ends[i] + 1, behind, ends[i], moveCount - ends[i] - 1);
                moveCount--;
                for (int k = i + 1; k <= depth; k++) {
                    ends[k]--;
                }
                return run;
            }
        }
        return null;
    }

    /** The keys of the states from the one of this key to the last. */
    long[] from(long key) {
        int at = depth;
        while (at > 0 && keys[at] != key) {
            at--;
        }
        return Arrays.copyOfRange(keys, at, depth + 1);
    }

    private int slotOf(long key) {
        int slot = (int) key & (members.length - 1);
        while (members[slot] != 0 && members[slot] != key) {
            slot = slot + 1 & (members.length - 1);
        }
        return slot;
    }

    private void grow() {
        marks = Arrays.copyOf(marks, 2 * depth);
        keys = Arrays.copyOf(keys, 2 * depth);
        ends = Arrays.copyOf(ends, 2 * depth);
        taken = Arrays.copyOf(taken, 2 * depth);
        tried = Arrays.copyOf(tried, 2 * depth);
    }

    private void enlarge() {
        members = new long[2 * members.length];
        for (int i = 0; i <= depth; i++) {
            members[slotOf(keys[i])] = keys[i];
        }
    }
}
