package dev.shootdown.iommu;

import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cell;
import dev.shootdown.sim.Hash;
import dev.shootdown.sim.Role;
import dev.shootdown.sim.World;

/**
 * A ring of entries in simulated memory, which one side fills and the other empties. An entry is there when its
 * words are not all zero; who takes one zeroes it. So readiness looks at a slot, and neither side at the other's
 * position. Positions and words are outside the fingerprint, and a rolling sum of what is pending stands for them:
 * equal queues are equal wherever they stand in the ring.
 */
public final class Ring {
    private static final long FACTOR = 0x9e3779b97f4a7c15L;
    private static final int BYTES_SHIFT = 3;

    private final Frames frames;
    private final int entries;
    private final int words;
    private final long first;
    /** Positions go through the ring twice before they come back: their wrap bit is whether they are in the second half. */
    private final Cell head;
    private final Cell tail;
    private final Cell pending;
    /** What the base register names instead of the ring, which is in no memory; 0 if it names the ring. */
    private final Cell nowhere;
    private final Cell sum;

    /** An entry as words. */
    public interface Slot {
        long word(int index);
    }

    /** @param words 64-bit words in an entry, a power of two */
    public Ring(World world, Frames frames, String name, int entries, int words) {
        this.frames = frames;
        this.entries = entries;
        this.words = words;
        this.first = frames.reserve(order((long) entries * words));
        this.head = world.cell(name + ".head", Role.POSITION);
        this.tail = world.cell(name + ".tail", Role.POSITION);
        this.pending = world.cell(name + ".pending", Role.SUMMARY);
        this.nowhere = world.cell(name + ".base");
        this.sum = world.cell(name + ".sum", Role.SUMMARY);
    }

    private static int order(long words) {
        long pages = (words + Frames.WORDS - 1) / Frames.WORDS;
        return 64 - Long.numberOfLeadingZeros(pages - 1);
    }

    public int entries() {
        return entries;
    }

    /** How many entries are pending. Not part of footprints: for people, not for steps. */
    public int size() {
        return (int) pending.get();
    }

    /** The physical address of the ring's first byte, as its base register has it. */
    public long base() {
        return inMemory() ? first << Frames.PAGE_SHIFT : nowhere.get();
    }

    /**
     * Software writes the base register: an address in no memory, where the hardware finds nothing and can leave nothing, or
     * the ring's own again. Software itself goes on with the ring that it has.
     */
    public void base(long address) {
        boolean own = address == first << Frames.PAGE_SHIFT;
        if (!own && (address == 0 || address >>> Frames.PAGE_SHIFT < frames.count())) {
            throw new IllegalArgumentException("a ring stands where it was made, or in no memory");
        }
        nowhere.set(own ? 0 : address);
    }

    /** Whether the hardware can reach it. */
    public boolean inMemory() {
        return nowhere.get() == 0;
    }

    /** Where the entry is that is taken next, with the wrap bit above the index where the length is a power of two. */
    public long consumer() {
        return head.get();
    }

    /** The same of the slot that is filled next. */
    public long producer() {
        return tail.get();
    }

    private long slot(long position) {
        return position % entries;
    }

    private void advance(Cell position) {
        position.set((position.get() + 1) % (2L * entries));
    }

    /** The physical address of the entry that is taken next. */
    public long headAddress() {
        return base() + (slot(head.get()) * words << BYTES_SHIFT);
    }

    /** The physical address of the entry that was taken last. */
    public long takenAddress() {
        return base() + (slot(head.get() + entries - 1) * words << BYTES_SHIFT);
    }

    /** Whether the slot this far behind the next one to fill is free, and with it all before it. */
    public boolean room(int spare) {
        return !there(slot(tail.get() + spare));
    }

    /** Whether there is an entry to take. */
    public boolean ready() {
        return there(slot(head.get()));
    }

    /** A word of the entry that is taken next. */
    public long word(int index) {
        return at(slot(head.get()), index);
    }

    /** A word of the pending entry at a place from 0, for people. */
    public long word(int place, int index) {
        return at(slot(head.get() + place), index);
    }

    public void push(Slot entry) {
        long slot = slot(tail.get());
        long hash = 0;
        for (int i = 0; i < words; i++) {
            put(slot, i, entry.word(i));
            hash = Hash.mix(hash, entry.word(i));
        }
        sum.fold(FACTOR, hash);
        pending.add(1);
        advance(tail);
    }

    /** Zeroes the entry that is next, and goes on to the one behind it. */
    public void pop() {
        long slot = slot(head.get());
        long hash = 0;
        for (int i = 0; i < words; i++) {
            hash = Hash.mix(hash, at(slot, i));
            put(slot, i, 0);
        }
        sum.fold(1, -hash * power(pending.get() - 1));
        pending.add(-1);
        advance(head);
    }

    /** Puts another entry in the place of the one that is taken next. */
    public void replace(Slot entry) {
        long slot = slot(head.get());
        long before = 0;
        long after = 0;
        for (int i = 0; i < words; i++) {
            before = Hash.mix(before, at(slot, i));
            after = Hash.mix(after, entry.word(i));
            put(slot, i, entry.word(i));
        }
        sum.fold(1, (after - before) * power(pending.get() - 1));
    }

    private static long power(long exponent) {
        long result = 1;
        long square = FACTOR;
        for (long left = exponent; left > 0; left >>>= 1) {
            result *= (left & 1) != 0 ? square : 1;
            square *= square;
        }
        return result;
    }

    private boolean there(long slot) {
        long any = 0;
        for (int i = 0; i < words; i++) {
            any |= at(slot, i);
        }
        return any != 0;
    }

    private long at(long slot, int index) {
        long word = slot * words + index;
        return frames.word(first + word / Frames.WORDS, (int) (word % Frames.WORDS));
    }

    private void put(long slot, int index, long value) {
        long word = slot * words + index;
        frames.word(first + word / Frames.WORDS, (int) (word % Frames.WORDS), value);
    }
}
