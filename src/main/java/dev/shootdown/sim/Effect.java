package dev.shootdown.sim;

import java.util.List;

/** What a step does where it finds certain values: what it writes, as a list, and how that changes the fingerprint. */
public final class Effect {
    /** A word that becomes itself times a factor plus an amount; what it was when this was learnt. */
    record Fold(Store store, long index, long factor, long amount, long old) {}

    /** What a reference held, and holds behind the step. */
    record Replaced(Ref<?> ref, Object old, Object next) {}

    /** What a key stands for behind the step; null where it is removed. */
    record Put(Table<?, ?> table, Object key, Object next) {}

    private final Store[] stores;
    private final long[] indices;
    private final long[] olds;
    private final long[] nexts;
    private final long change;
    private final Fold[] folds;
    private final Replaced[] replaced;
    private final Put[] puts;
    private final int places;
    private final int node;
    private final int number;

    Effect(Store[] stores, long[] indices, long[] olds, long[] nexts, long change, List<Fold> folds, List<Replaced> replaced, List<Put> puts,
            int places, int node, int number) {
        this.stores = stores;
        this.indices = indices;
        this.olds = olds;
        this.nexts = nexts;
        this.change = change;
        this.folds = folds.toArray(new Fold[0]);
        this.replaced = replaced.toArray(new Replaced[0]);
        this.puts = puts.toArray(new Put[0]);
        this.places = places;
        this.node = node;
        this.number = number;
    }

    /** The number of the places that the step touches. */
    public int places() {
        return places;
    }

    /** The number, in its {@link Repertoire}, of what the actor has still to do behind it. */
    public int node() {
        return node;
    }

    /** Its own number, of those that its {@link Repertoire} has learnt, from 0. */
    public int number() {
        return number;
    }

    /** Who is told of all that it writes. */
    public interface Writes {
        /** A word becomes this. */
        void word(Variable word, long next);

        /** A word becomes itself times a factor plus an amount. */
        void fold(Variable word, long factor, long amount);

        /** What is no word becomes this. */
        void object(Variable object, Object next);
    }

    /** Tells all that it writes. */
    public void each(Writes to) {
        for (int i = 0; i < stores.length; i++) {
            to.word(Variable.word(stores[i], indices[i]), nexts[i]);
        }
        for (Fold fold : folds) {
            to.fold(Variable.word(fold.store, fold.index), fold.factor, fold.amount);
        }
        for (Replaced one : replaced) {
            to.object(Variable.reference(one.ref), one.next);
        }
        for (Put put : puts) {
            to.object(Variable.key(put.table, put.key), put.next);
        }
    }

    /** Does it. */
    void apply(World world) {
        for (int i = 0; i < stores.length; i++) {
            Store store = stores[i];
            world.journal(store.base + indices[i], olds[i]);
            if (store instanceof Cells cells) {
                cells.put(indices[i], nexts[i]);
            } else {
                ((Cell) store).restore(nexts[i]);
            }
        }
        for (Replaced one : replaced) {
            world.journal(one.ref.base, one.old);
            one.ref.restore(one.next);
        }
        world.change(change);
        for (Fold fold : folds) {
            if (fold.store instanceof Cells cells) {
                cells.fold(fold.index, fold.factor, fold.amount);
            } else {
                ((Cell) fold.store).fold(fold.factor, fold.amount);
            }
        }
        for (Put put : puts) {
            put.table.putUnchecked(put.key, put.next);
        }
    }
}
