package dev.shootdown.explore;

import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Hash;
import java.util.Arrays;

/**
 * What one of several actors that hardly meet has for itself, its own part of a state: variables that no other of these touches.
 * Each combination of values that they were seen to have has a number, its position.
 */
final class Factor {
    private final Actor actor;
    private final Variables variables;
    private int[] own = new int[16];
    private int ownCount;
    private long[][] positions = new long[64][];
    private long[] keys = new long[64];
    private int[] nodes = new int[64];
    private int count;
    private final LongIndex byKey = new LongIndex();

    Factor(Actor actor, Variables variables) {
        this.actor = actor;
        this.variables = variables;
        add(new long[0], 0);
    }

    Actor actor() {
        return actor;
    }

    /** Takes one more variable; returns its index here. */
    int own(int variable) {
        own = ownCount < own.length ? own : Arrays.copyOf(own, 2 * ownCount);
        own[ownCount] = variable;
        return ownCount++;
    }

    private int add(long[] values, long key) {
        if (count == positions.length) {
            positions = Arrays.copyOf(positions, 2 * count);
            keys = Arrays.copyOf(keys, 2 * count);
            nodes = Arrays.copyOf(nodes, 2 * count);
        }
        positions[count] = values;
        keys[count] = key;
        nodes[count] = -1;
        byKey.put(Hash.mix(key + 1), count);
        return count++;
    }

    /** What the actor has still to do at a position; -1 if it was not noted. */
    int node(int position) {
        return nodes[position];
    }

    void node(int position, int node) {
        nodes[position] = node;
    }

    /** The value that the variable of an index here has at a position. */
    long value(int position, int index) {
        long[] values = positions[position];
        return index < values.length ? values[index] : variables.first(own[index]);
    }

    /** Puts the machine, where all of these have their first values, into a position. */
    void stand(int position) {
        long[] values = positions[position];
        for (int i = 0; i < values.length; i++) {
            if (values[i] != variables.first(own[i])) {
                variables.put(own[i], values[i]);
            }
        }
    }

    /** The position where some variables, by their indices here, have other values. */
    int moved(int position, int[] indices, long[] next) {
        long key = keys[position];
        for (int i = 0; i < indices.length; i++) {
            key ^= variables.term(own[indices[i]], value(position, indices[i])) ^ variables.term(own[indices[i]], next[i]);
        }
        int known = byKey.get(Hash.mix(key + 1));
        if (known >= 0) {
            return known;
        }
        long[] values = new long[ownCount];
        for (int i = 0; i < ownCount; i++) {
            values[i] = value(position, i);
        }
        for (int i = 0; i < indices.length; i++) {
            values[indices[i]] = next[i];
        }
        return add(values, key);
    }
}
