package dev.shootdown.sim;

/**
 * One thing in a World that can change by itself: a word, a reference, or what a key of a table stands for. Its value is a long:
 * the word, or the number that somebody gives to an object.
 */
public final class Variable {
    private final Store store;
    private final long index;
    private final Object key;

    private Variable(Store store, long index, Object key) {
        this.store = store;
        this.index = index;
        this.key = key;
    }

    /** A word of a Cell, with index 0, or of Cells. */
    public static Variable word(Store store, long index) {
        return new Variable(store, index, null);
    }

    static Variable reference(Ref<?> ref) {
        return new Variable(ref, 0, null);
    }

    static Variable key(Table<?, ?> table, Object key) {
        return new Variable(table, 0, key);
    }

    /** What tells it apart from all others; never 0. */
    public long id() {
        return key == null ? store.base + index : store.base ^ Hash.of(key);
    }

    public Store store() {
        return store;
    }

    /** Its place in footprints. */
    public long place() {
        if (store instanceof Table<?, ?> table) {
            return table.placeOf(key);
        }
        return store.base + (store instanceof Cells cells ? index >>> cells.group() : 0);
    }

    /** Whether it is a word; an object otherwise. */
    public boolean word() {
        return store instanceof Cells || store instanceof Cell;
    }

    /** Whether nobody's step depends on it. */
    public boolean remark() {
        return store.role() == Role.REMARK || store.unasked();
    }

    /** What a value adds to a fingerprint; of an object its hash counts. */
    public long term(long value) {
        return store.fingerprinted() ? Store.term(id(), value) : 0;
    }

    public long get() {
        return store instanceof Cells cells ? cells.peek(index) : ((Cell) store).peek();
    }

    public Object object() {
        return store instanceof Ref<?> ref ? ref.peek() : ((Table<?, ?>) store).peek(key);
    }

    public void set(long value) {
        if (store instanceof Cells cells) {
            cells.set(index, value);
        } else {
            ((Cell) store).set(value);
        }
    }

    @SuppressWarnings("unchecked")
    public void set(Object value) {
        if (store instanceof Ref<?> ref) {
            ((Ref<Object>) ref).set(value);
        } else {
            ((Table<?, ?>) store).putUnchecked(key, value);
        }
    }
}
