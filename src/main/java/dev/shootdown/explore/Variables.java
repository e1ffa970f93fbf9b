package dev.shootdown.explore;

import dev.shootdown.sim.Hash;
import dev.shootdown.sim.Variable;
import java.util.Arrays;

/**
 * The variables that steps were seen to write, by number, with the values that they have where the race begins. A value is a
 * long: an object is known by a number that it is given when it is first met.
 */
final class Variables {
    private Variable[] all = new Variable[256];
    private long[] firsts = new long[256];
    private boolean[] words = new boolean[256];
    private int count;
    private final LongIndex byId = new LongIndex();
    private Object[] objects = new Object[64];
    private long[] hashes = new long[64];
    private int objectCount;
    private final LongIndex byHash = new LongIndex();

    Variables() {
        number(null);
    }

    /** The number of the variable with this {@link Variable#id}; -1 if there is none. */
    int find(long id) {
        return byId.get(id);
    }

    /** Adds a variable; the machine must stand where the race begins. */
    int add(Variable variable) {
        if (count == all.length) {
            all = Arrays.copyOf(all, 2 * count);
            firsts = Arrays.copyOf(firsts, 2 * count);
            words = Arrays.copyOf(words, 2 * count);
        }
        all[count] = variable;
        words[count] = variable.word();
        firsts[count] = variable.word() ? variable.get() : number(variable.object());
        byId.put(variable.id(), count);
        return count++;
    }

    int count() {
        return count;
    }

    /** The number of an object. */
    int number(Object object) {
        long hash = Hash.of(object);
        int known = byHash.get(hash);
        if (known >= 0) {
            return known;
        }
        if (objectCount == objects.length) {
            objects = Arrays.copyOf(objects, 2 * objectCount);
            hashes = Arrays.copyOf(hashes, 2 * objectCount);
        }
        objects[objectCount] = object;
        hashes[objectCount] = hash;
        byHash.put(hash, objectCount);
        return objectCount++;
    }

    /** The value that a variable has where the race begins. */
    long first(int variable) {
        return firsts[variable];
    }

    /** What a word is in the machine now. */
    long now(int variable) {
        return all[variable].get();
    }

    /** What the machine's part in a fingerprint is for a value. */
    long term(int variable, long value) {
        return all[variable].term(plain(variable, value));
    }

    /** The word itself, or the hash of the object. */
    long plain(int variable, long value) {
        return words[variable] ? value : hashes[(int) value];
    }

    void put(int variable, long value) {
        if (words[variable]) {
            all[variable].set(value);
        } else {
            all[variable].set(objects[(int) value]);
        }
    }
}
