package dev.shootdown.mm;

import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Cell;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;

/**
 * Pages that wait on a CPU to be moved between the lists that reclaim goes through: mm/swap.c, struct cpu_fbatches;
 * mm/mlock.c, struct mlock_fbatch. Each that waits holds a reference, and one more than its mapping's is enough for a write
 * after fork to copy a page that nobody else maps any more. Only a machine that asks for it ({@link #follow}) keeps them:
 * nothing else is to be seen of them, and an exploration would have to tell apart states that differ in nothing else.
 */
public final class LruBatches {
    /** What a page waits for; each kind has a batch of its own. */
    private enum Batch { ADD, DEACTIVATE, LAZYFREE, ACTIVATE, MLOCK }

    /** include/linux/pagevec.h: PAGEVEC_SIZE, 6.9 and later. A batch that is full is moved. */
    private static final int SIZE = 31;
    private static final Batch[] BATCHES = Batch.values();
    private static final int SLOT_BITS = 5;
    private static final int BATCH_BITS = 3;
    /** A slot whose page was freed: it goes on counting. */
    private static final long GONE = -1;
    private static final long LRU = 1;
    private static final long ACTIVE = 1L << 1;
    private static final long REFERENCED = 1L << 2;
    private static final long UNEVICTABLE = 1L << 3;
    /** PG_mlocked, and not yet unevictable. */
    private static final long MLOCKED = 1L << 4;
    /** So often a page waits, in all batches. */
    private static final long HELD = 1L << 8;

    private final Frames frames;
    private final Cell followed;
    private final Cells pages;
    private final Cells slots;

    LruBatches(World world, Frames frames) {
        this.frames = frames;
        this.followed = world.cell("lru.followed");
        this.pages = world.cells("lru.page");
        this.slots = world.cells("lru.batch");
    }

    /**
     * Keeps them from now on; while the machine is composed.
     *
     * @param waiting how many new pages of others wait on the first CPU already: when they and those of the machine's processes
     *     make a batch, it is moved
     */
    public void follow(int waiting) {
        followed.set(1);
        for (int i = 0; i < waiting; i++) {
            put(0, Batch.ADD, GONE);
        }
    }

    boolean followed() {
        return followed.get() != 0;
    }

    // ---------------------------------------------------------------- what happens to pages

    /** folio_add_lru_vma(), folio_add_lru(): a new page. */
    void add(int cpu, long frame, boolean locked) {
        if (followed()) {
            pages.set(frames.head(frame), locked ? MLOCKED : 0);
            wait(cpu, locked ? Batch.MLOCK : Batch.ADD, frame);
        }
    }

    /** A new page of a file that a write made is used already: shmem_get_folio_gfp(), FGP_ACCESSED. */
    void written(int cpu, long frame) {
        if (followed()) {
            pages.set(frame, REFERENCED);
            wait(cpu, Batch.ADD, frame);
        }
    }

    /** folio_mark_accessed(): a page that is used for the second time becomes active. */
    public void accessed(int cpu, long page) {
        long frame = frames.head(page);
        if (!followed() || has(frame, UNEVICTABLE) && has(frame, REFERENCED)) {
            return;
        }
        if (!has(frame, REFERENCED)) {
            mark(frame, REFERENCED);
        } else if (!has(frame, ACTIVE)) {
            unmark(frame, REFERENCED);
            if (has(frame, LRU)) {
                wait(cpu, Batch.ACTIVATE, frame);
            } else if (waits(cpu, Batch.ADD, frame)) {
                mark(frame, ACTIVE);
            }
        }
    }

    /** folio_mark_lazyfree(): MADV_FREE. */
    void lazyfree(int cpu, long frame) {
        if (followed() && has(frame, LRU) && !has(frame, UNEVICTABLE)) {
            wait(cpu, Batch.LAZYFREE, frame);
        }
    }

    /** folio_deactivate(): MADV_COLD. */
    void deactivate(int cpu, long page) {
        long frame = frames.head(page);
        if (!followed()) {
            return;
        }
        unmark(frame, REFERENCED);
        if (has(frame, LRU) && has(frame, ACTIVE) && !has(frame, UNEVICTABLE)) {
            wait(cpu, Batch.DEACTIVATE, frame);
        }
    }

    /** mlock_vma_pages_range(), with what it drains before and behind: a page that is mapped is locked, or is not any more. */
    void locked(long page, boolean locked) {
        if (followed()) {
            long frame = frames.head(page);
            pages.set(frame, pages.get(frame) & ~(UNEVICTABLE | (locked ? ACTIVE : 0)) | (locked ? UNEVICTABLE : 0));
        }
    }

    /** A page is freed. What waited for it keeps its place; the page that the frame becomes next does not wait. */
    void forget(long frame) {
        if (!followed() || pages.get(frame) == 0) {
            return;
        }
        if (held(frame) > 0) {
            for (int cpu = 0; cpu < Long.SIZE; cpu++) {
                forget(cpu, frame);
            }
        }
        pages.set(frame, 0);
    }

    private void forget(int cpu, long frame) {
        for (Batch batch : BATCHES) {
            for (int i = 0; i < size(cpu, batch); i++) {
                if (slots.get(slot(cpu, batch, i)) == frame) {
                    slots.set(slot(cpu, batch, i), GONE);
                }
            }
        }
    }

    // ---------------------------------------------------------------- what waits

    /** Whether an anonymous page has one reference, and nobody waits for it: wp_can_reuse_anon_folio(). A new one is moved first. */
    boolean alone(Turn turn, Kernel kernel, long frame) {
        if (!followed()) {
            return frames.references(frame) == 1;
        }
        if (frames.references(frame) + held(frame) > 3) {
            return false;
        }
        if (!has(frame, LRU)) {
            drain(kernel.cpuOf(turn.actor()));
        }
        return frames.references(frame) + held(frame) == 1;
    }

    /** How many references of a page the batches hold. */
    private long held(long frame) {
        return pages.get(frame) / HELD;
    }

    /** lru_add_drain(): nothing waits on a CPU any more. */
    public void drain(int cpu) {
        for (int i = 0; i < BATCHES.length && followed(); i++) {
            drain(cpu, BATCHES[i]);
        }
    }

    private void drain(int cpu, Batch batch) {
        int size = size(cpu, batch);
        for (int i = 0; i < size; i++) {
            long frame = slots.get(slot(cpu, batch, i));
            slots.set(slot(cpu, batch, i), 0);
            if (frame != GONE) {
                pages.set(frame, pages.get(frame) - HELD);
                move(batch, frame);
            }
        }
        slots.set(slot(cpu, batch, SIZE), 0);
    }

    /** lru_add(), lru_deactivate(), lru_lazyfree(), lru_activate(), __mlock_new_folio(). */
    private void move(Batch batch, long frame) {
        boolean unevictable = has(frame, UNEVICTABLE);
        switch (batch) {
            case ADD -> mark(frame, LRU);
            case MLOCK -> {
                unmark(frame, MLOCKED);
                mark(frame, LRU | UNEVICTABLE);
            }
            case DEACTIVATE, LAZYFREE -> unmark(frame, unevictable ? 0 : ACTIVE | REFERENCED);
            case ACTIVATE -> mark(frame, unevictable ? 0 : ACTIVE);
        }
    }

    /** folio_batch_add_and_move(): a large page does not wait, and with it goes all that does. */
    private void wait(int cpu, Batch batch, long page) {
        long frame = frames.head(page);
        pages.set(frame, pages.get(frame) + HELD);
        put(cpu, batch, frame);
        if (frames.compound(frame)) {
            drain(cpu, batch);
        }
    }

    private void put(int cpu, Batch batch, long frame) {
        int size = size(cpu, batch);
        slots.set(slot(cpu, batch, size), frame);
        slots.set(slot(cpu, batch, SIZE), size + 1L);
        if (size + 1 == SIZE) {
            drain(cpu, batch);
        }
    }

    private boolean waits(int cpu, Batch batch, long frame) {
        for (int i = 0; i < size(cpu, batch); i++) {
            if (slots.get(slot(cpu, batch, i)) == frame) {
                return true;
            }
        }
        return false;
    }

    private int size(int cpu, Batch batch) {
        return (int) slots.get(slot(cpu, batch, SIZE));
    }

    private static long slot(int cpu, Batch batch, int index) {
        return ((long) cpu << BATCH_BITS | batch.ordinal()) << SLOT_BITS | index;
    }

    private boolean has(long page, long flag) {
        return (pages.get(frames.head(page)) & flag) != 0;
    }

    private void mark(long frame, long flags) {
        pages.set(frame, pages.get(frame) | flags);
    }

    private void unmark(long frame, long flags) {
        pages.set(frame, pages.get(frame) & ~flags);
    }
}
