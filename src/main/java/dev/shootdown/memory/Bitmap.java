package dev.shootdown.memory;

import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Role;
import dev.shootdown.sim.World;

/** A set of numbers below a limit, which finds its lowest gap without a walk: full words are marked in a word above. */
public final class Bitmap {
    private static final int SHIFT = 6;
    private static final long FULL = -1;

    private final Cells bits;
    private final Bitmap full;
    private final long limit;

    public Bitmap(World world, String name, long limit) {
        this.bits = world.cells(name, Role.STATE, 0);
        this.limit = limit;
        this.full = limit > 64 ? new Bitmap(world, name + ".full", (limit + 63) >>> SHIFT) : null;
    }

    public boolean has(long number) {
        return (bits.get(number >>> SHIFT) & 1L << number) != 0;
    }

    public void set(long number) {
        long word = bits.get(number >>> SHIFT) | 1L << number;
        bits.set(number >>> SHIFT, word);
        if (word == FULL && full != null) {
            full.set(number >>> SHIFT);
        }
    }

    public void clear(long number) {
        long word = bits.get(number >>> SHIFT);
        if (word == FULL && full != null) {
            full.clear(number >>> SHIFT);
        }
        bits.set(number >>> SHIFT, word & ~(1L << number));
    }

    /** The start of the lowest aligned run of 2^order numbers not in the set; 0 if there is none. */
    public long lowestClear(int order) {
        if (order == 0) {
            long word = full == null ? 0 : full.lowestWord();
            long free = ~bits.get(word);
            long number = (word << SHIFT) + Long.numberOfTrailingZeros(free);
            return free == 0 || number >= limit ? 0 : number;
        }
        for (long start = 0; start + (1L << order) <= limit; start += 1L << order) {
            if (isClear(start, 1L << order)) {
                return start;
            }
        }
        return 0;
    }

    private long lowestWord() {
        long word = full == null ? 0 : full.lowestWord();
        return (word << SHIFT) + Math.min(63, Long.numberOfTrailingZeros(~bits.get(word)));
    }

    private boolean isClear(long start, long length) {
        if (length < 64) {
            return (bits.get(start >>> SHIFT) & ((1L << length) - 1) << start) == 0;
        }
        for (long word = start >>> SHIFT; word < (start + length) >>> SHIFT; word++) {
            if (bits.get(word) != 0) {
                return false;
            }
        }
        return true;
    }

    long count() {
        long sum = 0;
        for (long word = 0; word <= (limit - 1) >>> SHIFT; word++) {
            sum += Long.bitCount(bits.get(word));
        }
        return sum;
    }

    /** The lowest number in the set that is not below this one; 0 if there is none. */
    long nextSet(long from) {
        for (long word = from >>> SHIFT; word <= (limit - 1) >>> SHIFT; word++) {
            long left = bits.get(word) & (word == from >>> SHIFT ? FULL << from : FULL);
            if (left != 0) {
                return (word << SHIFT) + Long.numberOfTrailingZeros(left);
            }
        }
        return 0;
    }
}
