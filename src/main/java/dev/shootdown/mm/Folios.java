package dev.shootdown.mm;

import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.World;

/**
 * What the kernel remembers of a page beside the frame's use and counts: struct page's mapping, index and flags.
 * An anonymous page's mapping is its anon_vma's number, a file page's its file's. A compound page has one of each, but
 * for whether a part of it is one mapping's own.
 */
public final class Folios {
    /** It is one mapping's own, and may be written to without a copy (5.19 and later). */
    public static final long ANON_EXCLUSIVE = 1L;
    public static final long DIRTY = 1L << 1;
    public static final long REFERENCED = 1L << 2;
    public static final long KSM = 1L << 3;
    /** MADV_FREE made it clean anonymous memory: not PageSwapBacked. */
    public static final long LAZYFREE = 1L << 4;
    private static final int FLAG_BITS = 16;
    private static final int FIELDS = 1;

    private final Frames frames;
    private final LruBatches lru;
    private final Cells cells;
    private final Cells nodes;
    private final Cells targets;

    Folios(World world, Frames frames, LruBatches lru) {
        this.frames = frames;
        this.lru = lru;
        this.cells = world.cells("folio");
        this.nodes = world.cells("folio.node");
        this.targets = world.cells("folio.target");
    }

    /** Says what page a frame is: page_add_new_anon_rmap(), add_to_page_cache(). */
    void set(long frame, int mapping, long index, long flags) {
        cells.set(frame << FIELDS, (long) mapping << FLAG_BITS | flags);
        cells.set(frame << FIELDS | 1, index);
    }

    void clear(long frame) {
        cells.set(frame << FIELDS, 0);
        cells.set(frame << FIELDS | 1, 0);
        nodes.set(frame, 0);
    }

    /** A page is in another frame now: what is known of it goes with it. */
    void move(long from, long to) {
        cells.set(to << FIELDS, cells.get(from << FIELDS) & ~ANON_EXCLUSIVE);
        cells.set(to << FIELDS | 1, cells.get(from << FIELDS | 1));
    }

    /** The NUMA node that it is of. */
    public int node(long frame) {
        return (int) nodes.get(frames.head(frame));
    }

    void node(long frame, int node) {
        nodes.set(frame, node);
    }

    /** The frame that a page is being moved to, or 0. */
    long target(long frame) {
        return targets.get(frame);
    }

    void target(long frame, long to) {
        targets.set(frame, to);
    }

    public int mapping(long frame) {
        return (int) (cells.get(frames.head(frame) << FIELDS) >>> FLAG_BITS);
    }

    public long index(long frame) {
        long head = frames.head(frame);
        return cells.get(head << FIELDS | 1) + (frame - head);
    }

    /** Whether a page has one of some flags; {@link #ANON_EXCLUSIVE} is asked for by itself: where all is mapped as one, of all. */
    public boolean has(long frame, long flag) {
        return (cells.get(place(frame, flag)) & flag) != 0;
    }

    void mark(long frame, long flag) {
        long place = place(frame, flag);
        cells.set(place, cells.get(place) | flag);
    }

    void unmark(long frame, long flag) {
        long place = place(frame, flag);
        cells.set(place, cells.get(place) & ~flag);
    }

    /** Whether one page of a compound page, or all of it, is one mapping's own, is kept with that page, or the head. */
    private long place(long frame, long flag) {
        boolean own = flag == ANON_EXCLUSIVE && (!frames.compound(frame) || frames.mappingsWhole(frames.head(frame)) == 0);
        return (own ? frame : frames.head(frame)) << FIELDS;
    }

    /** A compound page becomes pages by themselves, each with what was known of all: __split_huge_page(). */
    void split(long head) {
        long end = head + (1L << frames.order(head));
        long whole = cells.get(head << FIELDS);
        long index = cells.get(head << FIELDS | 1);
        for (long frame = head; frame < end; frame++) {
            long exclusive = cells.get(frame << FIELDS) & ANON_EXCLUSIVE;
            cells.set(frame << FIELDS, whole & ~ANON_EXCLUSIVE | exclusive);
            cells.set(frame << FIELDS | 1, index + (frame - head));
            nodes.set(frame, nodes.get(head));
        }
        frames.split(head);
    }

    /** Drops a reference; the last one gives the frame back to the allocator, with all of its compound page. Returns whether it did. */
    boolean put(long frame) {
        if (!frames.put(frame)) {
            return false;
        }
        long head = frames.head(frame);
        for (long i = head; i < head + (1L << frames.order(head)); i++) {
            clear(i);
        }
        lru.forget(head);
        frames.free(head);
        return true;
    }
}
