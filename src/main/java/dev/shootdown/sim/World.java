package dev.shootdown.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;

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
    /** The same, for the journal's way back. */
    private Store[] numbered = new Store[64];
    private final List<Object> parts = new ArrayList<>();
    /** The parts' classes, side by side: steps ask for parts all the time. */
    private Class<?>[] partTypes = new Class<?>[0];
    private final Journal journal = new Journal();
    private long fingerprint;
    /** The fingerprints that the journal keeps of moments before this mark are void. */
    private int counted;
    private boolean journaling;
    private Footprint footprint;
    /** What a step is seen to do, while somebody learns from it; otherwise null. */
    private Observation observation;
    /** Whether reads are to be noted. */
    boolean recording;
    /** Whether reads of summaries are to be noted too. */
    boolean summaries;
    /** Whether writes are to be journaled, counted, noted or seen. */
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
        if (stores.size() == numbered.length) {
            numbered = Arrays.copyOf(numbered, 2 * numbered.length);
        }
        numbered[stores.size()] = store;
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
        partTypes = Arrays.copyOf(partTypes, parts.size());
        partTypes[parts.size() - 1] = part.getClass();
    }

    /** The part of this class. */
    public <T> T part(Class<T> type) {
        T part = find(type);
        if (part == null) {
            throw new IllegalStateException("no part " + type.getName());
        }
        return part;
    }

    /** The part of this class, or null. */
    @SuppressWarnings("unchecked")
    public <T> T find(Class<T> type) {
        Class<?>[] types = partTypes;
        for (int i = 0; i < types.length; i++) {
            if (types[i] == type) {
                return (T) parts.get(i);
            }
        }
        return null;
    }

    // ---------------------------------------------------------------- undo and fingerprint

    /** From now on writes are journaled and the fingerprint runs along; or no longer. */
    public void journal(boolean on) {
        journaling = on;
        journal.clear();
        for (Store store : stores) {
            if (on && store instanceof Table<?, ?> table) {
                table.redigest();
            }
        }
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
        if (mark < counted) {
            recount();
        }
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
                sum ^= store.sum(store.base);
            }
        }
        return sum;
    }

    /**
     * A hash of the values of some stores that depends on their names, not on the order in which they were
     * made nor on what else there is: the same in a World that has more to it, as one that is being debugged has.
     */
    public long fingerprint(Predicate<Store> which) {
        long sum = 0;
        for (Store store : stores) {
            if (which.test(store)) {
                sum ^= store.sum(Hash.of(store.name()));
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

    /** What the journal says of fingerprints before this moment no longer holds. */
    void recount() {
        fingerprint = journaling ? recounted() : 0;
        counted = journal.length();
    }

    void change(long term) {
        fingerprint ^= term;
    }

    /** A place is about to change that holds a long. */
    void journal(long place, long old) {
        if (journaling) {
            journal.add(place, old);
        }
    }

    /** A store is about to change that holds something else. */
    void journal(long place, Object old) {
        if (journaling) {
            journal.add(place, old);
        }
    }

    // ---------------------------------------------------------------- footprints

    /** From now on reads and writes are noted there; null ends it. */
    public void record(Footprint into) {
        record(into, false);
    }

    /** @param sums whether reads of {@link Role#SUMMARY} stores are noted too: by who asks from outside of steps */
    public void record(Footprint into, boolean sums) {
        footprint = into;
        recording = into != null;
        summaries = sums;
        rewatch();
    }

    /** The same, and what is read and written is seen with its values; null ends it. */
    void observe(Footprint into, Observation all) {
        observation = all;
        record(into, false);
    }

    void observeRead(Store store, long index, long value) {
        if (observation != null) {
            observation.read(store, index, value);
        }
    }

    void observeWrite(Store store, long index, long old, long next) {
        if (observation != null) {
            observation.write(store, index, old, next);
        }
    }

    void observeFold(Store store, long index, long factor, long amount, long old) {
        if (observation != null) {
            observation.fold(store, index, factor, amount, old);
        }
    }

    void observeStretch(Cells store, long from, long count) {
        if (observation != null) {
            observation.stretch(store, from, count);
        }
    }

    void observeRead(Ref<?> ref) {
        if (observation != null) {
            observation.read(ref);
        }
    }

    void observeWrite(Ref<?> ref, Object old, Object next) {
        if (observation != null) {
            observation.write(ref, old, next);
        }
    }

    void observeRead(Table<?, ?> table, Comparable<?> key) {
        if (observation != null) {
            observation.read(table, key);
        }
    }

    void observeWrite(Table<?, ?> table, Comparable<?> key, Object next) {
        if (observation != null) {
            observation.write(table, key, next);
        }
    }

    void observeWhole(Table<?, ?> table) {
        if (observation != null) {
            observation.whole(table);
        }
    }

    void noteRead(long place) {
        if (recording) {
            footprint.read(place);
        }
    }

    void noteReads(long from, long to) {
        if (recording) {
            footprint.read(from, to);
        }
    }

    void noteWrite(long place) {
        if (recording) {
            footprint.write(place);
        }
    }

    private void rewatch() {
        watched = journaling || recording || observation != null;
    }

    /**
     * What each write replaced, oldest first: three longs an entry, the place, the value, and the fingerprint before
     * it, so that undoing hashes nothing. Values that are no longs lie on a stack beside.
     */
    private final class Journal {
        private static final int ENTRY = 3;

        private long[] entries = new long[64 * ENTRY];
        private Object[] values = new Object[64];
        private int length;
        private int valueCount;

        int length() {
            return length / ENTRY;
        }

        void clear() {
            Arrays.fill(values, 0, valueCount, null);
            length = 0;
            valueCount = 0;
        }

        void add(long place, long old) {
            if (length == entries.length) {
                entries = Arrays.copyOf(entries, 2 * length);
            }
            entries[length] = place;
            entries[length + 1] = old;
            entries[length + 2] = fingerprint;
            length += ENTRY;
        }

        void add(long place, Object old) {
            if (valueCount == values.length) {
                values = Arrays.copyOf(values, 2 * valueCount);
            }
            values[valueCount++] = old;
            add(place, 0L);
        }

        void rewind(int mark) {
            int to = mark * ENTRY;
            if (length <= to) {
                return;
            }
            for (int at = length - ENTRY; at >= to; at -= ENTRY) {
                undo(entries[at], entries[at + 1]);
            }
            length = to;
            fingerprint = entries[to + 2];
        }

        /** The kinds told apart by hand: one virtual call of four kinds costs more than what it does. */
        private void undo(long place, long old) {
            Store store = numbered[Store.storeOf(place)];
            if (store instanceof Cells cells) {
                cells.restore(Store.indexOf(place), old);
            } else if (store instanceof Cell cell) {
                cell.restore(old);
            } else {
                Object value = values[--valueCount];
                values[valueCount] = null;
                restore(store, value);
            }
        }

        private void restore(Store store, Object value) {
            if (store instanceof Ref<?> ref) {
                ref.restore(value);
            } else {
                ((Table<?, ?>) store).restore(value);
            }
        }
    }
}
