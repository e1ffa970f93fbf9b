package dev.shootdown.mm;

import dev.shootdown.sim.Cell;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.World;

/**
 * The swap area and the swap cache. A slot counts the entries that stand for it (swap_map); while a page is in the swap
 * cache it has a slot, and the cache holds a reference of it. A slot goes when neither is left.
 */
final class Swap {
    private static final long LARGEST = 1L << 34;

    private final Kernel kernel;
    private final Cell pages;
    private final Storage storage;
    private final Cells counts;
    private final Cells cached;
    private final Cells slots;

    Swap(World world, Kernel kernel) {
        this.kernel = kernel;
        this.pages = world.cell("swap.pages");
        this.storage = new Storage(world, "swap", LARGEST, kernel.frames());
        this.counts = world.cells("swap.map");
        this.cached = world.cells("swap.cache");
        this.slots = world.cells("folio.swap");
    }

    /** swapon(): so many pages. */
    void on(long count) {
        pages.set(count);
    }

    /** total_swap_pages. */
    long size() {
        return pages.get();
    }

    /** nr_swap_pages: how many slots nobody has. Counts them. */
    long left() {
        long left = 0;
        for (long slot = 1; slot <= pages.get(); slot++) {
            left += counts.get(slot) == 0 ? 1 : 0;
        }
        return left;
    }

    /** add_to_swap(): gives a page a slot and puts it into the swap cache. Returns whether there was one free. */
    boolean add(long frame) {
        if (slot(frame) != 0) {
            return true;
        }
        long slot = storage.store(frame);
        if (slot == 0 || slot > pages.get()) {
            if (slot != 0) {
                storage.free(slot);
            }
            return false;
        }
        cache(slot, frame);
        return true;
    }

    /** The same for all of a compound page; none of it where there is not room for all. */
    boolean addAll(long head, int pages) {
        for (int i = 0; i < pages; i++) {
            if (!add(head + i)) {
                for (int back = 0; back < i; back++) {
                    uncache(head + back);
                    kernel.frames().put(head + back);
                }
                return false;
            }
        }
        return true;
    }

    private void cache(long slot, long frame) {
        cached.set(slot, frame);
        slots.set(frame, slot);
        kernel.frames().get(frame);
    }

    /** swap_readpage(): a new page in the swap cache, with what its slot holds. */
    void read(long slot, long frame) {
        storage.load(slot, frame);
        cache(slot, frame);
    }

    /** The slot of a page in the swap cache, or 0. */
    long slot(long frame) {
        return slots.get(frame);
    }

    /** The page of a slot that is in the swap cache, or 0. */
    long frame(long slot) {
        return cached.get(slot);
    }

    /** How many entries stand for a page that may be in the swap cache: page_swapcount(). */
    long count(long frame) {
        return slot(frame) == 0 ? 0 : counts.get(slot(frame));
    }

    /** swap_writepage(): the page's contents go to its slot. */
    void write(long frame) {
        storage.write(slot(frame), frame);
    }

    /** The swap cache has a page in another frame; its reference goes with it. */
    void move(long from, long to) {
        long slot = slot(from);
        slots.set(from, 0);
        cache(slot, to);
    }

    /** swap_duplicate(): one more entry stands for a slot. */
    void duplicate(long slot) {
        counts.add(slot, 1);
    }

    /** swap_free(): one entry fewer stands for a slot. */
    void free(long slot) {
        counts.add(slot, -1);
        settle(slot);
    }

    /** delete_from_swap_cache(): the reference that the cache held is the caller's to drop. */
    void uncache(long frame) {
        long slot = slot(frame);
        cached.set(slot, 0);
        slots.set(frame, 0);
        settle(slot);
    }

    private void settle(long slot) {
        if (counts.get(slot) == 0 && cached.get(slot) == 0) {
            storage.free(slot);
        }
    }

    /** free_swap_and_cache(): an entry goes with its mapping. Returns the page that leaves the swap cache with it, whose
     * reference is the caller's to drop; or 0. */
    long drop(long slot) {
        long frame = frame(slot);
        free(slot);
        if (frame == 0 || counts.get(slot) != 0 || kernel.frames().mappings(frame) != 0) {
            return 0;
        }
        uncache(frame);
        return frame;
    }
}
