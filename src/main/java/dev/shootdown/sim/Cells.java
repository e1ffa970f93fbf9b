package dev.shootdown.sim;

import java.util.Arrays;

/**
 * An array of longs, all 0 at first, as long as it is written. Stretches that were never written cost
 * nothing. Neighbours that are always touched together may share a place in footprints.
 */
public final class Cells extends Store {
    private static final int CHUNK = 9;
    private static final int LENGTH = 1 << CHUNK;
    private static final int MASK = LENGTH - 1;
    private static final long[] NOTHING = new long[LENGTH];

    private final int group;
    private long[][] chunks = new long[0][];

    /** @param group log2 of how many neighbours are one place in a footprint */
    Cells(World world, int number, String name, Role role, int group) {
        super(world, number, name, role);
        this.group = group;
    }

    public long get(long index) {
        return world.recording ? noted(index) : peek(index);
    }

    private long noted(long index) {
        noteRead(base + (index >>> group));
        world.observeRead(this, index, peek(index));
        return peek(index);
    }

    /** Writing what is there already counts as a read. */
    public void set(long index, long next) {
        if (world.watched) {
            watchedSet(index, next);
        } else {
            store(index, next);
        }
    }

    /** Three neighbours at once, of which the first one's number is a multiple of four. */
    public void set(long index, long first, long second, long third) {
        int number = (int) (index >>> CHUNK);
        if (world.watched || number >= chunks.length || chunks[number] == NOTHING) {
            set(index, first);
            set(index + 1, second);
            set(index + 2, third);
            return;
        }
        long[] chunk = chunks[number];
        int at = (int) index & MASK & -4;
        chunk[at] = first;
        chunk[at + 1] = second;
        chunk[at + 2] = third;
    }

    /** Where nobody watches: a stretch that was never written is not made for zeros. */
    private void store(long index, long next) {
        if (peek(index) != next) {
            chunk(index)[(int) index & MASK] = next;
        }
    }

    private void watchedSet(long index, long next) {
        long value = peek(index);
        world.observeWrite(this, index, value, next);
        if (value == next) {
            noteRead(base + (index >>> group));
            return;
        }
        noteWrite(base + (index >>> group));
        world.journal(base + index, value);
        if (fingerprinted()) {
            world.change(change(base + index, value, next));
        }
        chunk(index)[(int) index & MASK] = next;
    }

    public void add(long index, long amount) {
        if (unasked() || role() == Role.SUMMARY) {
            fold(index, 1, amount);
        } else {
            set(index, get(index) + amount);
        }
    }

    /** A word becomes itself times a factor plus an amount, without anybody's asking what it was: of counters and summaries only. */
    void fold(long index, long factor, long amount) {
        long value = peek(index);
        world.observeFold(this, index, factor, amount, value);
        long next = value * factor + amount;
        world.journal(base + index, value);
        if (world.watched && fingerprinted()) {
            world.change(change(base + index, value, next));
        }
        put(index, next);
    }

    /** Sets a stretch to 0. What was never written costs nothing; for footprints all of it is looked at. */
    public void clear(long from, long count) {
        if (world.recording && count > 0) {
            noteReads(base + (from >>> group), base + ((from + count - 1) >>> group) + 1);
            world.observeStretch(this, from, count);
        }
        long at = from;
        while (at < from + count) {
            long end = Math.min((at | MASK) + 1, from + count);
            clearWithinChunk(at, end);
            at = end;
        }
    }

    private void clearWithinChunk(long from, long end) {
        int number = (int) (from >>> CHUNK);
        if (number >= chunks.length || chunks[number] == NOTHING) {
            return;
        }
        long[] chunk = chunks[number];
        int first = (int) from & MASK;
        for (int i = first; i < first + (int) (end - from); i++) {
            if (chunk[i] != 0) {
                set(((long) number << CHUNK) + i, 0);
            }
        }
    }

    int group() {
        return group;
    }

    void put(long index, long value) {
        chunk(index)[(int) index & MASK] = value;
    }

    /** A hash of a stretch, 0 where nothing was written. */
    long digest(long from, long count) {
        long sum = 0;
        for (long at = from; at < from + count; ) {
            long end = Math.min((at | MASK) + 1, from + count);
            int number = (int) (at >>> CHUNK);
            if (number < chunks.length && chunks[number] != NOTHING) {
                for (long i = at; i < end; i++) {
                    sum ^= term(base + i, chunks[number][(int) i & MASK]);
                }
            }
            at = end;
        }
        return sum;
    }

    long peek(long index) {
        int number = (int) (index >>> CHUNK);
        return number < chunks.length ? chunks[number][(int) index & MASK] : 0;
    }

    private long[] chunk(long index) {
        int number = (int) (index >>> CHUNK);
        if (number >= chunks.length) {
            int old = chunks.length;
            chunks = Arrays.copyOf(chunks, Math.max(number + 1, old + (old >> 1)));
            Arrays.fill(chunks, old, chunks.length, NOTHING);
        }
        if (chunks[number] == NOTHING) {
            chunks[number] = new long[LENGTH];
        }
        return chunks[number];
    }

    /** Where it was written before, so the stretch is there. */
    void restore(long index, long old) {
        chunks[(int) (index >>> CHUNK)][(int) index & MASK] = old;
    }

    @Override
    long sum(long place) {
        long sum = 0;
        for (int c = 0; c < chunks.length; c++) {
            if (chunks[c] != NOTHING) {
                for (int i = 0; i < LENGTH; i++) {
                    sum ^= term(place + ((long) c << CHUNK) + i, chunks[c][i]);
                }
            }
        }
        return sum;
    }

    @Override
    void copy(Store other) {
        long[][] theirs = ((Cells) other).chunks;
        chunks = new long[theirs.length][];
        for (int c = 0; c < theirs.length; c++) {
            chunks[c] = theirs[c] == NOTHING ? NOTHING : theirs[c].clone();
        }
    }
}
