package dev.shootdown.mm;

import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Role;
import dev.shootdown.sim.World;

/**
 * struct mmu_gather, one for each actor, since an actor is in the middle of one operation at most: the range of what
 * was cleared since the last flush, and the frames to free after it. All of it is 0 while no gather is under way.
 */
final class Gather {
    private static final int FIELDS = 3;
    private static final int SPACE = 0;
    private static final int START = 1;
    private static final int END = 2;
    private static final int COUNT = 3;
    private static final int FLAGS = 4;
    private static final int PAGES = 14;
    private static final int LEVEL_BITS = 4;

    private static final long WHOLE = 1L;
    private static final long TABLES = 1L << 1;
    private static final long NEEDED = 1L << 2;
    private static final long FORCE = 1L << 3;
    private static final long BEGUN = 1L << 4;
    /** Whether entries of level 1 were cleared; the bits above are of the levels above. */
    private static final int CLEARED = 5;
    private static final int LEVELS = 5;

    private final Kernel kernel;
    private final Cells cells;
    private final Cells pages;

    Gather(World world, Kernel kernel) {
        this.kernel = kernel;
        this.cells = world.cells("gather");
        this.pages = world.cells("gather.pages", Role.STATE, 0);
    }

    /** tlb_gather_mmu(). The range is what the caller is going to clear, which only 3.16 flushes. */
    void begin(Actor actor, int mm, long start, long end) {
        set(actor, SPACE, mm);
        set(actor, FLAGS, BEGUN);
        if (!kernel.version().gatherKeepsHull()) {
            set(actor, START, start);
            set(actor, END, end);
        }
        kernel.gathers(mm, kernel.gathers(mm) + 1);
    }

    /** tlb_gather_mmu_fullmm(): the whole address space goes. */
    void beginWhole(Actor actor, int mm) {
        begin(actor, mm, 0, -1);
        mark(actor, WHOLE);
    }

    /** The end of tlb_finish_mmu(). */
    void finish(Actor actor) {
        int mm = space(actor);
        kernel.gathers(mm, kernel.gathers(mm) - 1);
        for (int field = 0; field < 1 << FIELDS; field++) {
            set(actor, field, 0);
        }
    }

    int space(Actor actor) {
        return (int) get(actor, SPACE);
    }

    boolean whole(Actor actor) {
        return has(actor, WHOLE);
    }

    /** Whether page-table pages were unhooked since the last flush (freed_tables). */
    boolean tables(Actor actor) {
        return has(actor, TABLES);
    }

    /** Whether anything was cleared since the last flush. */
    boolean needed(Actor actor) {
        return has(actor, NEEDED);
    }

    long start(Actor actor) {
        return get(actor, START);
    }

    long end(Actor actor) {
        return get(actor, END);
    }

    /** An entry of the lowest level, of [address, address + size), was cleared. */
    void adjust(Actor actor, long address, long size) {
        adjust(actor, address, size, 1);
    }

    /** An entry of a level was cleared: __tlb_adjust_range(), tlb_flush_pmd_range(). */
    void adjust(Actor actor, long address, long size, int level) {
        boolean first = !needed(actor);
        mark(actor, NEEDED | 1L << CLEARED + level - 1);
        if (kernel.version().gatherKeepsHull()) {
            long start = first ? address : Math.min(start(actor), address);
            long end = first ? address + size : Math.max(end(actor), address + size);
            set(actor, START, start);
            set(actor, END, end);
        }
    }

    /** A page-table page of a level, which stood for an address, was unhooked: pte_free_tlb() and the like. */
    void adjustTable(Actor actor, long address, int level) {
        adjust(actor, address, Frames.PAGE_SIZE, level + 1);
        mark(actor, TABLES);
    }

    /** log2 of what one entry of the lowest level that was cleared stands for: tlb_get_unmap_shift(). */
    int stride(Actor actor) {
        long levels = get(actor, FLAGS) >>> CLEARED & (1 << LEVELS) - 1;
        boolean known = kernel.version().gatherKnowsLevels() && levels != 0;
        return known ? Entry.shift(Long.numberOfTrailingZeros(levels) + 1) : Frames.PAGE_SHIFT;
    }

    /** __tlb_reset_range(). On 3.16 the caller's range goes on from where the walk is. */
    void reset(Actor actor, long resume) {
        set(actor, FLAGS, get(actor, FLAGS) & ~(NEEDED | TABLES | FORCE | (1L << LEVELS) - 1 << CLEARED));
        if (kernel.version().gatherKeepsHull()) {
            set(actor, START, 0);
            set(actor, END, 0);
        } else if (resume != 0) {
            set(actor, START, resume);
        }
    }

    /** Another thread gathers too: flush everything, with tables. */
    void forceWhole(Actor actor) {
        mark(actor, WHOLE | NEEDED | TABLES);
        set(actor, START, 0);
    }

    /** A dirty page of a file was unmapped: flush before the page-table lock is let go. */
    void force(Actor actor) {
        mark(actor, FORCE);
    }

    boolean forced(Actor actor) {
        return has(actor, FORCE);
    }

    // ---------------------------------------------------------------- frames

    /** Queues a frame to be freed after the flush; level 0 is a page, others a page-table page. True if none more fits. */
    boolean add(Actor actor, long frame, int level) {
        long count = get(actor, COUNT);
        pages.set(page(actor, count), frame << LEVEL_BITS | level);
        set(actor, COUNT, count + 1);
        return count + 1 >= kernel.version().gatherCapacity();
    }

    int count(Actor actor) {
        return (int) get(actor, COUNT);
    }

    /** A queued frame, with its level. */
    long peek(Actor actor, int index) {
        return pages.get(page(actor, index));
    }

    /** Takes a queued frame out, with its level: {@link #frame}, {@link #level}. */
    long take(Actor actor, int index) {
        long taken = pages.get(page(actor, index));
        pages.set(page(actor, index), 0);
        return taken;
    }

    void empty(Actor actor) {
        set(actor, COUNT, 0);
    }

    static long frame(long taken) {
        return taken >>> LEVEL_BITS;
    }

    static int level(long taken) {
        return (int) taken & (1 << LEVEL_BITS) - 1;
    }

    private static long page(Actor actor, long index) {
        return (long) actor.number() << PAGES | index;
    }

    private boolean has(Actor actor, long flag) {
        return (get(actor, FLAGS) & flag) != 0;
    }

    private void mark(Actor actor, long flag) {
        set(actor, FLAGS, get(actor, FLAGS) | flag);
    }

    private long get(Actor actor, int field) {
        return cells.get((long) actor.number() << FIELDS | field);
    }

    private void set(Actor actor, int field, long value) {
        cells.set((long) actor.number() << FIELDS | field, value);
    }
}
