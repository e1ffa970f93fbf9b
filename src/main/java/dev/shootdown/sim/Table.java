package dev.shootdown.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * A sorted map of immutable values. In footprints each key is a place of its own; what asks for a neighbour, or how
 * many keys there are, reads all of them, so that those who add different keys do not meet.
 *
 * @param <K> keys, whose order is their own
 * @param <V> values, which {@link Hash#of(Object)} knows
 */
public final class Table<K extends Comparable<K>, V> extends Store {
    private static final long ALL = 1L << SPAN;

    private final TreeMap<K, V> map = new TreeMap<>();
    /** A hash of all that is in it, for who has to know whether anything is different. Kept while writes are watched. */
    private long digest;
    /** Where keys and values are spans: the room between them. */
    private Gaps gaps;
    private ToLongFunction<K> starts;
    private ToLongFunction<V> ends;

    Table(World world, int number, String name, Role role) {
        super(world, number, name, role);
    }

    /**
     * Says that a key and its value are a span, and that no two overlap: then room between them can be looked for. Before
     * anything is in it.
     *
     * @param start of the span, as a number in the order of the keys; not negative
     * @param end   the number behind it
     */
    public Table<K, V> spanning(ToLongFunction<K> start, ToLongFunction<V> end) {
        starts = start;
        ends = end;
        gaps = new Gaps();
        return this;
    }

    /** Where the highest room of a length between the spans in [low, high) ends, or -1. Reads all keys. */
    public long highestGap(long low, long high, long length) {
        noteReadOfKeys();
        return gaps.highest(low, high, length);
    }

    /** Where the lowest room of a length between the spans in [low, high) starts, or -1. Reads all keys. */
    public long lowestGap(long low, long high, long length) {
        noteReadOfKeys();
        return gaps.lowest(low, high, length);
    }

    /** The value, or null. */
    public V get(K key) {
        if (world.recording) {
            noteRead(place(key));
            world.observeRead(this, key);
        }
        return map.get(key);
    }

    /** Sets a value; null removes the key. Writing what is there already counts as a read. */
    public void put(K key, V next) {
        if (!world.watched) {
            replace(key, next);
            return;
        }
        world.observeWrite(this, key, next);
        V old = replace(key, next);
        if (old == next) {
            noteRead(place(key));
            return;
        }
        noteWrite(place(key));
        world.journal(base, new Written<>(key, old, digest));
        change(key, old, next);
    }

    private V replace(K key, V next) {
        if (gaps != null && next == null) {
            gaps.remove(starts.applyAsLong(key));
        } else if (gaps != null) {
            gaps.put(starts.applyAsLong(key), ends.applyAsLong(next));
        }
        return next == null ? map.remove(key) : map.put(key, next);
    }

    @SuppressWarnings("unchecked")
    void putUnchecked(Object key, Object next) {
        put((K) key, (V) next);
    }

    long placeOf(Object key) {
        return base + indexOf(Hash.of(key) >>> 8);
    }

    Object peek(Object key) {
        return map.get(key);
    }

    /** A hash of what a key stands for. */
    long digest(Object key) {
        return Hash.of(map.get(key));
    }

    long digest() {
        return digest;
    }

    /** Counts anew, since writes were not watched. */
    void redigest() {
        digest = sum(base);
    }

    public void remove(K key) {
        put(key, null);
    }

    /** The entry with the greatest key not above this one, or null. */
    public Map.Entry<K, V> floor(K key) {
        return asked(map.floorEntry(key));
    }

    /** The entry with the greatest key below this one, or null. */
    public Map.Entry<K, V> lower(K key) {
        return asked(map.lowerEntry(key));
    }

    /** The entry with the least key not below this one, or null. */
    public Map.Entry<K, V> ceiling(K key) {
        return asked(map.ceilingEntry(key));
    }

    /** The entry with the least key above this one, or null. */
    public Map.Entry<K, V> higher(K key) {
        return asked(map.higherEntry(key));
    }

    /** How many keys there are. */
    public int size() {
        noteReadOfKeys();
        return map.size();
    }

    /** All values with keys in [from, to), in order. */
    public List<V> between(K from, K to) {
        noteReadOfKeys();
        List<V> found = new ArrayList<>();
        for (Map.Entry<K, V> entry : map.subMap(from, true, to, false).entrySet()) {
            if (world.recording) {
                noteRead(place(entry.getKey()));
            }
            found.add(entry.getValue());
        }
        return found;
    }

    /** Whether there is a key of this kind. */
    public boolean anyKey(Predicate<K> wanted) {
        noteReadOfKeys();
        return map.keySet().stream().anyMatch(wanted);
    }

    /** All values, in order of their keys. */
    public List<V> values() {
        List<V> found = new ArrayList<>();
        forEach(found::add);
        return found;
    }

    private void forEach(Consumer<V> each) {
        noteReadOfKeys();
        for (Map.Entry<K, V> entry : map.entrySet()) {
            if (world.recording) {
                noteRead(place(entry.getKey()));
            }
            each.accept(entry.getValue());
        }
    }

    private Map.Entry<K, V> asked(Map.Entry<K, V> entry) {
        noteReadOfKeys();
        if (world.recording && entry != null) {
            noteRead(place(entry.getKey()));
        }
        return entry;
    }

    private void noteReadOfKeys() {
        if (world.recording) {
            noteReads(base, base + ALL);
            world.observeWhole(this);
        }
    }

    /** Two keys may share a place: that costs precision, never soundness. */
    private long place(K key) {
        return placeOf(key);
    }

    private void change(K key, V old, V next) {
        long where = base ^ Hash.of(key);
        long change = term(where, Hash.of(old)) ^ term(where, Hash.of(next));
        digest ^= change;
        if (fingerprinted()) {
            world.change(change);
        }
    }

    /** @param digest of the whole table before it */
    private record Written<K, V>(K key, V old, long digest) {}

    @SuppressWarnings("unchecked")
    void restore(Object old) {
        Written<K, V> written = (Written<K, V>) old;
        digest = written.digest;
        replace(written.key, written.old);
    }

    @Override
    long sum(long place) {
        long sum = 0;
        for (Map.Entry<K, V> entry : map.entrySet()) {
            sum ^= term(place ^ Hash.of(entry.getKey()), Hash.of(entry.getValue()));
        }
        return sum;
    }

    @Override
    @SuppressWarnings("unchecked")
    void copy(Store other) {
        map.clear();
        if (gaps != null) {
            gaps.clear();
        }
        ((Table<K, V>) other).map.forEach(this::replace);
        redigest();
    }
}
