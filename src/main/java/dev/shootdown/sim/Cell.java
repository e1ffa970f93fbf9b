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
            world.journal(base, value);
            if (fingerprinted()) {
                world.change(change(base, value, next));
            }
            value = next;
        }
    }

    public void add(long amount) {
        if (unasked()) {
            world.journal(base, value);
            value += amount;
        } else {
            set(get() + amount);
        }
    }

    void restore(long old) {
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
