package dev.shootdown.memory;

import dev.shootdown.sim.Cell;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Role;
import dev.shootdown.sim.World;

/**
 * Physical memory, in frames of 4 KiB named by their number. A frame's contents are 512 words; a frame that is
 * filled evenly keeps one word, and one that was never written keeps none, so that a frame costs a few bytes.
 *
 * <p>Allocation takes the lowest free frame, so that which frames are free says which one comes next.
 */
public final class Frames {
    public static final int PAGE_SHIFT = 12;
    public static final long PAGE_SIZE = 1L << PAGE_SHIFT;
    /** Words in a frame, and entries in a page table. */
    public static final int WORDS = 512;

    private static final int WORD_SHIFT = 9;
    private static final int USE_BITS = 4;
    private static final int ORDER_BITS = 4;
    /** In place of an order: the frame is one of a run behind its head. */
    private static final int TAIL = (1 << ORDER_BITS) - 1;

    private final long count;
    /** use, order and owner, packed; 0 while free. */
    private final Cells about;
    private final Cells references;
    private final Cells mappings;
    /** Of a run's head: how many entries map all of it at once. */
    private final Cells entire;
    private final Cells generations;
    private final Cells fills;
    private final Cells words;
    /** Words of reserved frames, which tell no two states apart: what they hold is relative to a ring's positions. */
    private final Cells outside;
    private final Cell reserved;
    private final Bitmap used;

    /** @param count frames in the machine; number 0 is never handed out, and stands for none */
    public Frames(World world, long count) {
        this.count = count;
        this.about = world.cells("frame.about");
        this.references = world.cells("frame.references");
        this.mappings = world.cells("frame.mappings");
        this.entire = world.cells("frame.entire");
        this.generations = world.cells("frame.generation");
        this.fills = world.cells("frame.fill");
        this.words = world.cells("frame.words");
        this.outside = world.cells("frame.outside", Role.OUTSIDE, 0);
        this.reserved = world.cell("frame.reserved");
        this.used = new Bitmap(world, "frame.used", count);
        used.set(0);
        world.install(this);
    }

    public long count() {
        return count;
    }

    // ---------------------------------------------------------------- allocation

    /**
     * Takes the lowest free frame, with one reference and no mapping, and contents of zero.
     *
     * @param owner the number of the address space or file it is for; 0 for the kernel
     * @return its number, or 0 if none is free
     */
    public long allocate(Use use, int owner) {
        return allocate(use, owner, 0);
    }

    /** The same for an aligned run of 2^order frames, of which the first one stands for all. */
    public long allocate(Use use, int owner, int order) {
        long frame = used.lowestClear(order);
        if (frame == 0) {
            return 0;
        }
        for (long i = frame; i < frame + (1L << order); i++) {
            used.set(i);
            fill(i, 0);
            about.set(i, pack(use, i == frame ? order : TAIL, owner));
        }
        references.set(frame, 1);
        return frame;
    }

    /**
     * Gives a frame (with its order) back. Its contents stay: who still has a way to it reads them, and what
     * the next owner puts there. Its generation goes up, by which a translation taken before is known as stale.
     */
    public void free(long frame) {
        int order = order(frame);
        for (long i = frame; i < frame + (1L << order); i++) {
            about.set(i, 0);
            mappings.set(i, 0);
            generations.add(i, 1);
            used.clear(i);
        }
        references.set(frame, 0);
        entire.set(frame, 0);
    }

    /** A run goes back to a pool of its own: a translation taken before is known as stale, as if it had been freed. */
    public void retire(long head) {
        for (long i = head; i < head + (1L << order(head)); i++) {
            generations.add(i, 1);
        }
    }

    /**
     * Sets 2^order frames aside, above all that are ever handed out, for a ring that hardware and the kernel share.
     * Their words are part of footprints but not of the fingerprint, since equal queues may stand at different
     * places of a ring; who uses them keeps a sum of what is pending. While the machine is composed only.
     */
    public long reserve(int order) {
        long frame = count + reserved.get();
        reserved.add(1L << order);
        return frame;
    }

    /** How often the frame has been freed. */
    public long generation(long frame) {
        return generations.get(frame);
    }

    public boolean isFree(long frame) {
        return about.get(frame) == 0;
    }

    /** How many frames are in use, number 0 not counted. Walks the whole bitmap. */
    public long inUse() {
        return used.count() - 1;
    }

    /** The lowest frame in use above this one, or 0. */
    public long nextInUse(long frame) {
        return used.nextSet(frame + 1);
    }

    // ---------------------------------------------------------------- what a frame is

    public Use use(long frame) {
        return Use.of((int) (about.get(frame) & ((1 << USE_BITS) - 1)));
    }

    /** log2 of the frames of the run that a frame is the head of; 0 for a frame by itself, and for those behind a head. */
    public int order(long frame) {
        int order = rawOrder(frame);
        return order == TAIL ? 0 : order;
    }

    private int rawOrder(long frame) {
        return (int) (about.get(frame) >>> USE_BITS) & ((1 << ORDER_BITS) - 1);
    }

    /** The first frame of the run that a frame is of, which holds the references of all (compound_head); else the frame. */
    public long head(long frame) {
        if (rawOrder(frame) != TAIL) {
            return frame;
        }
        int order = 1;
        while (rawOrder(frame & -(1L << order)) != order) {
            order++;
        }
        return frame & -(1L << order);
    }

    /** Whether a frame is one of a run that is held as one (PageCompound). */
    public boolean compound(long frame) {
        return rawOrder(frame) != 0;
    }

    /**
     * Takes a run apart: from here on each of its frames is held by itself, with a reference for each entry that maps it
     * and one more of whoever splits. What mapped all of it maps each.
     */
    public void split(long head) {
        long end = head + (1L << order(head));
        long whole = entire.get(head);
        entire.set(head, 0);
        for (long frame = head; frame < end; frame++) {
            about.set(frame, pack(use(frame), 0, owner(frame)));
            mappings.add(frame, whole);
            references.set(frame, mappings.get(frame) + 1);
        }
    }

    /** The number of the address space or file that it was allocated for; 0 is the kernel. */
    public int owner(long frame) {
        return (int) (about.get(frame) >>> (USE_BITS + ORDER_BITS));
    }

    /** Changes what a frame is used for and for whom, as when a page becomes another's without being freed. */
    public void become(long frame, Use use, int owner) {
        about.set(frame, pack(use, rawOrder(frame), owner));
    }

    private static long pack(Use use, int order, int owner) {
        return (long) owner << (USE_BITS + ORDER_BITS) | (long) order << USE_BITS | use.ordinal();
    }

    /** References held (page_count): of all of the run that the frame is of. */
    public long references(long frame) {
        return references.get(head(frame));
    }

    public void get(long frame) {
        references.add(head(frame), 1);
    }

    /** Takes or drops several references. */
    public void references(long frame, long change) {
        references.add(head(frame), change);
    }

    /** Drops a reference; the last one does not free by itself, since freeing is an event. True if it was the last. */
    public boolean put(long frame) {
        long head = head(frame);
        references.add(head, -1);
        return references.get(head) == 0;
    }

    /** Page-table entries that map it (page_mapcount), those of all its run too. */
    public long mappings(long frame) {
        long own = mappings.get(frame);
        return compound(frame) ? own + entire.get(head(frame)) : own;
    }

    /** Page-table entries that map a run as one (compound_mapcount). */
    public long mappingsWhole(long head) {
        return entire.get(head);
    }

    /** Page-table entries that map any of the run that a frame is of (folio_mapcount). */
    public long mappingsOfAll(long frame) {
        if (!compound(frame)) {
            return mappings.get(frame);
        }
        long head = head(frame);
        long sum = entire.get(head);
        for (long i = head; i < head + (1L << order(head)); i++) {
            sum += mappings.get(i);
        }
        return sum;
    }

    /** An entry of a large page maps a run, or does no more. */
    public void mappedWhole(long head, int change) {
        entire.add(head, change);
    }

    public void mapped(long frame, int change) {
        mappings.add(frame, change);
    }

    // ---------------------------------------------------------------- contents

    /** The 64-bit word at an index from 0 to 511, little endian. */
    public long word(long frame, int index) {
        if (frame >= count) {
            return outside.get(frame - count << WORD_SHIFT | index);
        }
        return words.get(frame << WORD_SHIFT | index) ^ fills.get(frame);
    }

    public void word(long frame, int index, long value) {
        if (frame >= count) {
            outside.set(frame - count << WORD_SHIFT | index, value);
            return;
        }
        words.set(frame << WORD_SHIFT | index, value ^ fills.get(frame));
    }

    /** Sets all words of a frame to one value. */
    public void fill(long frame, long value) {
        words.clear(frame << WORD_SHIFT, WORDS);
        fills.set(frame, value);
    }

    public int byteAt(long frame, int offset) {
        return (int) (word(frame, offset >>> 3) >>> ((offset & 7) * 8)) & 0xff;
    }

    public void byteAt(long frame, int offset, int value) {
        int shift = (offset & 7) * 8;
        long kept = word(frame, offset >>> 3) & ~(0xffL << shift);
        word(frame, offset >>> 3, kept | (value & 0xffL) << shift);
    }

    /** Makes one frame's contents those of another. */
    public void copy(long from, long to) {
        fill(to, fills.get(from));
        for (int i = 0; i < WORDS; i++) {
            word(to, i, word(from, i));
        }
    }

    /** Whether all words of a frame are one value. */
    public boolean isFilledWith(long frame, long value) {
        for (int i = 0; i < WORDS; i++) {
            if (word(frame, i) != value) {
                return false;
            }
        }
        return true;
    }

    /** Whether two frames hold the same bytes. */
    public boolean same(long a, long b) {
        for (int i = 0; i < WORDS; i++) {
            if (word(a, i) != word(b, i)) {
                return false;
            }
        }
        return true;
    }
}
