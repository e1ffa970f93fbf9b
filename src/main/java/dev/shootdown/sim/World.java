package dev.shootdown.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * All mutable state of one simulated machine. Every write goes through a cell of it, and so three things come
 * for free: undo ({@link #mark}, {@link #rewind}), a running {@link #fingerprint}, and the {@link Footprint} of
 * each step. All three are off until asked for; a write is then an array store.
 *
 * <p>Stores are made while the machine is composed, in an order that depends on its description alone, so
 * that two Worlds of one description correspond store by store.
 */
public final class World {
    private final List<Store> stores = new ArrayList<>();
    private final List<Object> parts = new ArrayList<>();
    private final Journal journal = new Journal();
    private long fingerprint;
    private boolean journaling;
    private Footprint footprint;
    /** Whether reads are to be noted. */
    boolean recording;
    /** Whether writes are to be journaled, counted or noted. */
    boolean watched;

    // ---------------------------------------------------------------- composing

    public Cell cell(String name) {
        return cell(name, Role.STATE);
    }

    public Cell cell(String name, Role role) {
        return added(new Cell(this, stores.size(), name, role));
    }

    public Cells cells(String name) {
        return cells(name, Role.STATE, 0);
    }

    /** @param group log2 of how many neighbours are one place in a footprint */
    public Cells cells(String name, Role role, int group) {
        return added(new Cells(this, stores.size(), name, role, group));
    }

    public <T> Ref<T> ref(String name) {
        return ref(name, Role.STATE);
    }

    public <T> Ref<T> ref(String name, Role role) {
        return added(new Ref<>(this, stores.size(), name, role));
    }

    public <K extends Comparable<K>, V> Table<K, V> table(String name) {
        return table(name, Role.STATE);
    }

    public <K extends Comparable<K>, V> Table<K, V> table(String name, Role role) {
        return added(new Table<>(this, stores.size(), name, role));
    }

    private <S extends Store> S added(S store) {
        stores.add(store);
        return store;
    }

    /** The stores, in the order in which they were made. */
    public List<Store> stores() {
        return Collections.unmodifiableList(stores);
    }

    /** Adds what steps ask for by its class: the part of the machine that a room stands for. */
    public void install(Object part) {
        parts.add(part);
    }

    /** The part of this class. */
    public <T> T part(Class<T> type) {
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).getClass() == type) {
                return type.cast(parts.get(i));
            }
        }
        throw new IllegalStateException("no part " + type.getName());
    }

    // ---------------------------------------------------------------- undo and fingerprint

    /** From now on writes are journaled and the fingerprint runs along; or no longer. */
    public void journal(boolean on) {
        journaling = on;
        journal.clear();
        recount();
        rewatch();
    }

    public boolean journaling() {
        return journaling;
    }

    /** The present moment, to come back to. */
    public int mark() {
        return journal.length();
    }

    /** Puts every cell back to what it held at a mark. Marks made since are void. */
    public void rewind(int mark) {
        journal.rewind(mark);
    }

    /** A 64-bit hash of all state: equal states have equal fingerprints whatever the way to them. */
    public long fingerprint() {
        return journaling ? fingerprint : recounted();
    }

    /** The fingerprint from the values alone; for tests, and where journaling is off. */
    public long recounted() {
        long sum = 0;
        for (Store store : stores) {
            if (store.fingerprinted()) {
                sum ^= store.recounted();
            }
        }
        return sum;
    }

    /** Takes over all values of a World of the same description. Undo starts anew. */
    public void copy(World other) {
        for (int i = 0; i < other.stores.size(); i++) {
            stores.get(i).copy(other.stores.get(i));
        }
        journal.clear();
        recount();
    }

    void recount() {
        fingerprint = journaling ? recounted() : 0;
    }

    void change(long term) {
        fingerprint ^= term;
    }

    void journal(Store store, long index, long old, Object oldValue) {
        if (journaling) {
            journal.add(store, index, old, oldValue);
        }
    }

    // ---------------------------------------------------------------- footprints

    /** From now on reads and writes are noted there; null ends it. */
    public void record(Footprint into) {
        footprint = into;
        recording = into != null;
        rewatch();
    }

    void noteRead(long place) {
        if (recording) {
            footprint.read(place);
        }
    }

    void noteWrite(long place) {
        if (recording) {
            footprint.write(place);
        }
    }

    private void rewatch() {
        watched = journaling || recording;
    }

    /** What each write replaced, oldest first. */
    private static final class Journal {
        private Store[] stores = new Store[64];
        private long[] indexes = new long[64];
        private long[] olds = new long[64];
        private Object[] values = new Object[64];
        private int length;

        int length() {
            return length;
        }

        void clear() {
            Arrays.fill(values, 0, length, null);
            length = 0;
        }

        void add(Store store, long index, long old, Object value) {
            if (length == stores.length) {
                grow();
            }
            stores[length] = store;
            indexes[length] = index;
            olds[length] = old;
            values[length++] = value;
        }

        void rewind(int mark) {
            while (length > mark) {
                length--;
                stores[length].restore(indexes[length], olds[length], values[length]);
                values[length] = null;
            }
        }

        private void grow() {
            stores = Arrays.copyOf(stores, 2 * length);
            indexes = Arrays.copyOf(indexes, 2 * length);
            olds = Arrays.copyOf(olds, 2 * length);
            values = Arrays.copyOf(values, 2 * length);
        }
    }
}
