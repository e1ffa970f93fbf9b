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
    private final int depends;
    private final boolean opaque;
    private final Effect[] alone = {this};
    /** Whether there is anything of these: asked of many effects that are not taken. */
    private final boolean folding;
    private final boolean putting;

    Effect(Store[] stores, long[] indices, long[] olds, long[] nexts, long change, List<Fold> folds, List<Replaced> replaced, List<Put> puts,
            int places, int depends, int node, int number, boolean opaque) {
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
        this.depends = depends;
        this.opaque = opaque;
        this.folding = !folds.isEmpty();
        this.putting = !puts.isEmpty();
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

    /** The same, and the sums that it touches, which footprints leave out: it is what it is as long as nobody writes any of these. */
    public int depends() {
        return depends;
    }

    /** Whether nobody can say what it depends on. */
    public boolean opaque() {
        return opaque;
    }

    /** It and nothing else; not to be changed. */
    public Effect[] alone() {
        return alone;
    }

    /** Whether {@link #fingerprint} knows what it does. */
    public boolean foreseen() {
        return !putting;
    }

    /** The fingerprint that the machine would have behind it. */
    public long fingerprint(World world) {
        long sum = world.fingerprint() ^ change;
        return folding ? folded(sum) : sum;
    }

    private long folded(long before) {
        long sum = before;
        for (Fold fold : folds) {
            if (fold.store.fingerprinted()) {
                long value = fold.store instanceof Cells cells ? cells.peek(fold.index) : ((Cell) fold.store).peek();
                sum ^= Store.change(fold.store.base + fold.index, value, value * fold.factor + fold.amount);
            }
        }
        return sum;
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

    /** Does it, where it was learnt, or wherever a step would find the same. */
    public void apply(World world) {
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
