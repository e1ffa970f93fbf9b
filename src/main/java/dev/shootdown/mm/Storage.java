package dev.shootdown.mm;

import dev.shootdown.memory.Bitmap;
import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Role;
import dev.shootdown.sim.World;

/**
 * Pages that are kept outside memory, in slots by number: a disk's, a swap area's. Slot 0 is none. A page that is filled
 * evenly costs one word.
 */
final class Storage {
    private static final int WORD_SHIFT = 9;

    private final Frames frames;
    private final Bitmap used;
    private final Cells fills;
    private final Cells words;
    private final long slots;

    /** @param slots how many pages there is room for, beside slot 0 */
    Storage(World world, String name, long slots, Frames frames) {
        this.frames = frames;
        this.slots = slots;
        this.used = new Bitmap(world, name + ".used", slots + 1);
        this.fills = world.cells(name + ".fill", Role.STATE, 0);
        this.words = world.cells(name + ".words", Role.STATE, 0);
        used.set(0);
    }

    /** Keeps a page's contents in the lowest free slot; returns its number, or 0 if there is no room. */
    long store(long frame) {
        long slot = slots == 0 ? 0 : used.lowestClear(0);
        if (slot == 0) {
            return 0;
        }
        used.set(slot);
        write(slot, frame);
        return slot;
    }

    /** Overwrites a slot with a page's contents. */
    void write(long slot, long frame) {
        long fill = frames.word(frame, Frames.WORDS - 1);
        fills.set(slot, fill);
        for (int i = 0; i < Frames.WORDS; i++) {
            words.set(slot << WORD_SHIFT | i, frames.word(frame, i) ^ fill);
        }
    }

    /** Makes a page's contents those of a slot. */
    void load(long slot, long frame) {
        long fill = fills.get(slot);
        frames.fill(frame, fill);
        for (int i = 0; i < Frames.WORDS; i++) {
            frames.word(frame, i, words.get(slot << WORD_SHIFT | i) ^ fill);
        }
    }

    /** Gives a slot back, and forgets what it held. */
    void free(long slot) {
        used.clear(slot);
        fills.set(slot, 0);
        words.clear(slot << WORD_SHIFT, Frames.WORDS);
    }
}
