package dev.shootdown.sim;

/** A long. */
public final class Cell extends Store {
    private long value;

    Cell(World world, int number, String name, Role role) {
        super(world, number, name, role);
    }

    public long get() {
        if (world.recording) {
            noteRead(base);
        }
        return value;
    }

    /** Writing what is there already counts as a read. */
    public void set(long next) {
        if (!world.watched) {
            value = next;
        } else if (value == next) {
            noteRead(base);
        } else {
            noteWrite(base);
            world.journal(this, 0, value, null);
            if (fingerprinted()) {
                world.change(term(base, value) ^ term(base, next));
            }
            value = next;
        }
    }

    public void add(long amount) {
        set(get() + amount);
    }

    @Override
    void restore(long index, long old, Object oldValue) {
        value = old;
    }

    @Override
    long sum(long place) {
        return term(place, value);
    }

    @Override
    void copy(Store other) {
        value = ((Cell) other).value;
    }
}
