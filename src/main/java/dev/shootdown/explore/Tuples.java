package dev.shootdown.explore;

import dev.shootdown.sim.Hash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Sets of tuples of numbers, all of one length: decision diagrams with many ways (MDDs). A set is known by the number of its
 * diagram's root; equal sets have equal numbers, parts that sets have in common are there once, and what came of two sets is remembered.
 *
 * <p>A node has, for each number that may stand at its place in a tuple, the set of what may follow.
 */
final class Tuples {
    static final int NONE = 0;
    /** The set of the one tuple without numbers. */
    private static final int UNIT = 1;

    private final int length;
    private int[][] labels = new int[1024][];
    private int[][] rests = new int[1024][];
    private long[] sizes = new long[1024];
    private int count = 2;
    private long words;
    private final LongIndex byHash = new LongIndex();
    private final PairMemo unions = new PairMemo();
    private final PairMemo differences = new PairMemo();
    private final PairMemo[] selections;
    private final PairMemo mapped = new PairMemo();
    private final PairMemo projected = new PairMemo();
    private final List<int[]> projections = new ArrayList<>();
    /** How many numbers projections list. */
    private long listed;

    Tuples(int length) {
        this.length = length;
        this.selections = new PairMemo[length];
        Arrays.setAll(selections, i -> new PairMemo());
        labels[NONE] = new int[0];
        rests[NONE] = new int[0];
        labels[UNIT] = new int[0];
        rests[UNIT] = new int[0];
        sizes[UNIT] = 1;
    }

    /** The set of one tuple. */
    int of(int[] tuple) {
        int set = UNIT;
        for (int i = length - 1; i >= 0; i--) {
            set = node(new int[] {tuple[i]}, new int[] {set});
        }
        return set;
    }

    /** @param own labels in ascending order, none of which has an empty rest */
    private int node(int[] own, int[] after) {
        if (own.length == 0) {
            return NONE;
        }
        long hash = own.length;
        for (int i = 0; i < own.length; i++) {
            hash = Hash.mix(hash + ((long) own[i] << Integer.SIZE | after[i])) + i;
        }
        for (int known = byHash.get(hash); known >= 0; known = byHash.get(hash)) {
            if (Arrays.equals(labels[known], own) && Arrays.equals(rests[known], after)) {
                return known;
            }
            hash = Hash.mix(hash);
        }
        if (count == labels.length) {
            labels = Arrays.copyOf(labels, 2 * count);
            rests = Arrays.copyOf(rests, 2 * count);
            sizes = Arrays.copyOf(sizes, 2 * count);
        }
        labels[count] = own;
        rests[count] = after;
        for (int rest : after) {
            sizes[count] += sizes[rest];
        }
        words += 2L * own.length;
        byHash.put(hash, count);
        return count++;
    }

    /** How many tuples a set has. */
    long size(int set) {
        return sizes[set];
    }

    boolean has(int set, int[] tuple) {
        int at = set;
        for (int i = 0; i < length && at != NONE; i++) {
            int place = Arrays.binarySearch(labels[at], tuple[i]);
            at = place < 0 ? NONE : rests[at][place];
        }
        return at != NONE;
    }

    /** A tuple of a set that is not empty. */
    int[] any(int set) {
        int[] tuple = new int[length];
        int at = set;
        for (int i = 0; i < length; i++) {
            tuple[i] = labels[at][0];
            at = rests[at][0];
        }
        return tuple;
    }

    // ---------------------------------------------------------------- two sets

    int union(int a, int b) {
        if (a == b || b == NONE) {
            return a;
        }
        if (a == NONE) {
            return b;
        }
        int low = Math.min(a, b);
        int high = Math.max(a, b);
        int known = unions.get(low, high);
        if (known < 0) {
            known = merged(low, high);
            unions.put(low, high, known);
        }
        return known;
    }

    private int merged(int a, int b) {
        int[] la = labels[a];
        int[] lb = labels[b];
        int[] own = new int[la.length + lb.length];
        int[] after = new int[own.length];
        int n = 0;
        for (int i = 0, k = 0; i < la.length || k < lb.length; n++) {
            if (k == lb.length || i < la.length && la[i] < lb[k]) {
                own[n] = la[i];
                after[n] = rests[a][i++];
            } else if (i == la.length || lb[k] < la[i]) {
                own[n] = lb[k];
                after[n] = rests[b][k++];
            } else {
                own[n] = la[i];
                after[n] = union(rests[a][i++], rests[b][k++]);
            }
        }
        return node(Arrays.copyOf(own, n), Arrays.copyOf(after, n));
    }

    /** The tuples of the first that are not of the second. */
    int minus(int a, int b) {
        if (a == b || a == NONE) {
            return NONE;
        }
        if (b == NONE) {
            return a;
        }
        int known = differences.get(a, b);
        if (known < 0) {
            known = subtracted(a, b);
            differences.put(a, b, known);
        }
        return known;
    }

    private int subtracted(int a, int b) {
        int[] own = new int[labels[a].length];
        int[] after = new int[own.length];
        int n = 0;
        for (int i = 0, k = 0; i < labels[a].length; i++) {
            while (k < labels[b].length && labels[b][k] < labels[a][i]) {
                k++;
            }
            boolean both = k < labels[b].length && labels[b][k] == labels[a][i];
            int rest = both ? minus(rests[a][i], rests[b][k]) : rests[a][i];
            if (rest != NONE) {
                own[n] = labels[a][i];
                after[n++] = rest;
            }
        }
        return node(Arrays.copyOf(own, n), Arrays.copyOf(after, n));
    }

    // ---------------------------------------------------------------- one place of the tuples

    /** The numbers that stand at a place, in order. */
    int[] at(int set, int place) {
        if (set == NONE) {
            return new int[0];
        }
        if (place == 0) {
            return labels[set];
        }
        int known = projected.get(set, place);
        if (known < 0) {
            int[] numbers = Arrays.stream(rests[set]).flatMap(rest -> Arrays.stream(at(rest, place - 1))).sorted().distinct().toArray();
            known = projections.size();
            projections.add(numbers);
            listed += numbers.length;
            projected.put(set, place, known);
        }
        return projections.get(known);
    }

    /** The tuples that have a number at a place. */
    int with(int set, int place, int number) {
        if (place == 0) {
            int found = Arrays.binarySearch(labels[set], number);
            return found < 0 ? NONE : labels[set].length == 1 ? set : node(new int[] {number}, new int[] {rests[set][found]});
        }
        int known = selections[place].get(set, number);
        if (known < 0) {
            int[] own = new int[labels[set].length];
            int[] after = new int[own.length];
            int n = 0;
            for (int i = 0; i < labels[set].length; i++) {
                int rest = with(rests[set][i], place - 1, number);
                if (rest != NONE) {
                    own[n] = labels[set][i];
                    after[n++] = rest;
                }
            }
            known = node(Arrays.copyOf(own, n), Arrays.copyOf(after, n));
            selections[place].put(set, number, known);
        }
        return known;
    }

    /** What becomes of numbers: one function for each place; null where they stay. */
    record Mapping(int number, IntUnaryOperator[] places) {
        private int last() {
            int last = places.length - 1;
            while (last >= 0 && places[last] == null) {
                last--;
            }
            return last;
        }
    }

    /** The tuples with other numbers in their places. */
    int map(int set, Mapping mapping) {
        return map(set, mapping, 0, mapping.last());
    }

    private int map(int set, Mapping mapping, int place, int last) {
        if (place > last || set == NONE) {
            return set;
        }
        int known = mapped.get(set, mapping.number);
        if (known < 0) {
            known = mapping.places[place] == null ? mapRests(set, mapping, place, last) : mapLabels(set, mapping, place, last);
            mapped.put(set, mapping.number, known);
        }
        return known;
    }

    private int mapRests(int set, Mapping mapping, int place, int last) {
        int[] after = new int[rests[set].length];
        for (int i = 0; i < after.length; i++) {
            after[i] = map(rests[set][i], mapping, place + 1, last);
        }
        return node(labels[set], after);
    }

    private int mapLabels(int set, Mapping mapping, int place, int last) {
        int all = NONE;
        for (int i = 0; i < labels[set].length; i++) {
            int label = mapping.places[place].applyAsInt(labels[set][i]);
            all = union(all, node(new int[] {label}, new int[] {map(rests[set][i], mapping, place + 1, last)}));
        }
        return all;
    }

    /** A tuple of a set that becomes this one; null if none does. */
    int[] before(int set, Mapping mapping, int[] tuple) {
        int[] found = new int[length];
        return before(set, mapping, tuple, 0, found) ? found : null;
    }

    private boolean before(int set, Mapping mapping, int[] tuple, int place, int[] found) {
        if (place == length) {
            return set == UNIT;
        }
        for (int i = 0; i < labels[set].length; i++) {
            int label = labels[set][i];
            int becomes = mapping.places[place] == null ? label : mapping.places[place].applyAsInt(label);
            found[place] = label;
            if (becomes == tuple[place] && before(rests[set][i], mapping, tuple, place + 1, found)) {
                return true;
            }
        }
        return false;
    }

    /** Who is given tuples one by one. */
    interface Each {
        void tuple(int[] tuple);
    }

    /** Gives all tuples of a set; the array is the same each time. */
    void each(int set, Each to) {
        each(set, 0, new int[length], to);
    }

    private void each(int set, int place, int[] tuple, Each to) {
        if (place == length) {
            if (set == UNIT) {
                to.tuple(tuple);
            }
            return;
        }
        for (int i = 0; i < labels[set].length; i++) {
            tuple[place] = labels[set][i];
            each(rests[set][i], place + 1, tuple, to);
        }
    }

    long bytes() {
        return (words + listed) * Integer.BYTES + count * 48L + byHash.bytes() + unions.bytes() + differences.bytes() + mapped.bytes()
                + projected.bytes() + Arrays.stream(selections).mapToLong(PairMemo::bytes).sum();
    }
}
