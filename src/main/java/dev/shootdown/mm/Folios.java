package dev.shootdown.mm;

import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.World;

/**
 * What the kernel remembers of a page beside the frame's use and counts: struct page's mapping, index and flags.
 * An anonymous page's mapping is its anon_vma's number, a file page's its file's.
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
    private final Cells cells;
    private final Cells nodes;
    private final Cells targets;

    Folios(World world, Frames frames) {
        this.frames = frames;
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
        return (int) nodes.get(frame);
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
        return (int) (cells.get(frame << FIELDS) >>> FLAG_BITS);
    }

    public long index(long frame) {
        return cells.get(frame << FIELDS | 1);
    }

    public boolean has(long frame, long flag) {
        return (cells.get(frame << FIELDS) & flag) != 0;
    }

    void mark(long frame, long flag) {
        cells.set(frame << FIELDS, cells.get(frame << FIELDS) | flag);
    }

    void unmark(long frame, long flag) {
        cells.set(frame << FIELDS, cells.get(frame << FIELDS) & ~flag);
    }

    /** Drops a reference; the last one gives the frame back to the allocator. Returns whether it did. */
    boolean put(long frame) {
        if (!frames.put(frame)) {
            return false;
        }
        clear(frame);
        frames.free(frame);
        return true;
    }
}
