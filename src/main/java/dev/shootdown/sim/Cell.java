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
            world.observeRead(this, 0, value);
        }
        return value;
    }

    /** Writing what is there already counts as a read. */
    public void set(long next) {
        if (!world.watched) {
            value = next;
            return;
        }
        world.observeWrite(this, 0, value, next);
        if (value == next) {
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
        if (unasked() || role() == Role.SUMMARY) {
            fold(1, amount);
        } else {
            set(get() + amount);
        }
    }

    /** Becomes itself times a factor plus an amount, without anybody's asking what it was: of counters and summaries only. */
    public void fold(long factor, long amount) {
        world.observeFold(this, 0, factor, amount, value);
        long next = value * factor + amount;
        world.journal(base, value);
        if (world.watched && fingerprinted()) {
            world.change(change(base, value, next));
        }
        value = next;
    }

    long peek() {
        return value;
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
