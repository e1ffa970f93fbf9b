package dev.shootdown.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one step looked at, with the values that it found from before it, and what it left: enough to say what the same
 * step does wherever it finds the same.
 *
 * <p>What a step writes and then reads again is no look: it follows from the others.
 */
final class Observation {
    /** A word written: what was there before the step, and what is there behind it. */
    private static final class Written {
        final Store store;
        final long index;
        final long old;
        long next;

        Written(Store store, long index, long old, long next) {
            this.store = store;
            this.index = index;
            this.old = old;
            this.next = next;
        }
    }

    private record Spot(Store store, Object where) {}

    private final List<Look> looks = new ArrayList<>();
    private final List<Long> values = new ArrayList<>();
    private final Map<Look, Boolean> seen = new HashMap<>();
    private final Map<Spot, Written> words = new LinkedHashMap<>();
    private final Map<Spot, Effect.Fold> folds = new LinkedHashMap<>();
    private final Map<Spot, Object[]> objects = new LinkedHashMap<>();
    private final Map<Table<?, ?>, Long> digests = new HashMap<>();
    private boolean opaque;

    /** Whether it cannot be said what the step depended on. */
    boolean opaque() {
        return opaque;
    }

    List<Look> looks() {
        return looks;
    }

    long value(int look) {
        return values.get(look);
    }

    private void look(Look look, long value) {
        if (seen.put(look, true) == null) {
            looks.add(look);
            values.add(value);
        }
    }

    /** Asks nothing of a reference whose value is known beforehand. */
    void know(Ref<?> ref) {
        seen.put(new Look.Reference(ref), true);
    }

    // ---------------------------------------------------------------- words

    void read(Store store, long index, long value) {
        Spot spot = new Spot(store, index);
        if (words.containsKey(spot)) {
            return;
        }
        Effect.Fold fold = folds.get(spot);
        look(Look.Word.of(store, index), fold == null ? value : fold.old());
    }

    void write(Store store, long index, long old, long next) {
        Spot spot = new Spot(store, index);
        Written known = words.get(spot);
        if (known != null) {
            known.next = next;
            return;
        }
        Effect.Fold fold = folds.remove(spot);
        long before = fold == null ? old : fold.old();
        look(Look.Word.of(store, index), before);
        words.put(spot, new Written(store, index, before, next));
    }

    /** A word becomes itself times a factor plus an amount, and nobody looks at what it was. */
    void fold(Store store, long index, long factor, long amount, long old) {
        Spot spot = new Spot(store, index);
        Written known = words.get(spot);
        if (known != null) {
            known.next = known.next * factor + amount;
            return;
        }
        Effect.Fold before = folds.get(spot);
        folds.put(spot, before == null ? new Effect.Fold(store, index, factor, amount, old)
                : new Effect.Fold(store, index, before.factor() * factor, before.amount() * factor + amount, before.old()));
    }

    void stretch(Cells store, long from, long count) {
        for (Written written : words.values()) {
            opaque |= written.store == store && written.index >= from && written.index < from + count;
        }
        look(new Look.Stretch(store, from, count), store.digest(from, count));
    }

    // ---------------------------------------------------------------- objects

    void read(Ref<?> ref) {
        if (!objects.containsKey(new Spot(ref, 0))) {
            look(new Look.Reference(ref), Hash.of(ref.peek()));
        }
    }

    void write(Ref<?> ref, Object old, Object next) {
        Spot spot = new Spot(ref, 0);
        Object[] known = objects.get(spot);
        if (known == null) {
            look(new Look.Reference(ref), Hash.of(old));
        }
        objects.put(spot, new Object[] {known == null ? old : known[0], next});
    }

    void read(Table<?, ?> table, Comparable<?> key) {
        if (!objects.containsKey(new Spot(table, key))) {
            look(new Look.Key(table, key), table.digest(key));
        }
    }

    void write(Table<?, ?> table, Comparable<?> key, Object next) {
        read(table, key);
        digests.putIfAbsent(table, table.digest());
        objects.put(new Spot(table, key), new Object[] {null, next});
    }

    void whole(Table<?, ?> table) {
        Long before = digests.get(table);
        look(new Look.Whole(table), before == null ? table.digest() : before);
    }

    // ---------------------------------------------------------------- what came of it

    /** Adds the sums that were touched, which the World does not note. */
    void sums(Footprint into) {
        looks.stream().filter(look -> look.store().role() == Role.SUMMARY).forEach(look -> into.read(look.place()));
        words.values().stream().filter(word -> word.store.role() == Role.SUMMARY).forEach(word -> into.write(Variable.word(word.store, word.index).place()));
        folds.values().stream().filter(fold -> fold.store().role() == Role.SUMMARY)
                .forEach(fold -> into.write(Variable.word(fold.store(), fold.index()).place()));
    }

    /**
     * @param places  the number of the places that the step touched
     * @param depends the same with sums
     * @param node    the number of what the actor has still to do behind it
     * @param number  its own
     */
    Effect effect(int places, int depends, int node, int number) {
        List<Written> changed = words.values().stream().filter(word -> word.old != word.next).toList();
        long change = 0;
        for (Written word : changed) {
            change ^= word.store.fingerprinted() ? Store.change(word.store.base + word.index, word.old, word.next) : 0;
        }
        List<Effect.Replaced> replaced = new ArrayList<>();
        List<Effect.Put> puts = new ArrayList<>();
        for (Map.Entry<Spot, Object[]> entry : objects.entrySet()) {
            Object[] value = entry.getValue();
            if (entry.getKey().store() instanceof Ref<?> ref) {
                change ^= ref.fingerprinted() ? Store.term(ref.base, Hash.of(value[0])) ^ Store.term(ref.base, Hash.of(value[1])) : 0;
                replaced.add(new Effect.Replaced(ref, value[0], value[1]));
            } else {
                puts.add(new Effect.Put((Table<?, ?>) entry.getKey().store(), entry.getKey().where(), value[1]));
            }
        }
        Store[] stores = changed.stream().map(word -> word.store).toArray(Store[]::new);
        long[] indices = changed.stream().mapToLong(word -> word.index).toArray();
        long[] olds = changed.stream().mapToLong(word -> word.old).toArray();
        long[] nexts = changed.stream().mapToLong(word -> word.next).toArray();
        return new Effect(stores, indices, olds, nexts, change, List.copyOf(folds.values()), replaced, puts, places, depends, node, number, opaque);
    }
}
