package dev.shootdown.mm;

import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Owners;
import dev.shootdown.memory.Use;
import dev.shootdown.sim.Cell;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Table;
import dev.shootdown.sim.World;
import java.util.Map;

/**
 * The hugetlb pool: huge pages that were set aside when the machine started, and go back to it, not to the allocator. A
 * mapping reserves its pages when it is made, so that its faults find them; what is reserved is kept by
 * address, or by file and page where the mapping is shared.
 */
public final class Hugetlb {
    private static final int PAGE_BITS = 45;
    private static final int INDEX_BITS = 38;
    private static final long FILES = 1L << 62;

    private final Kernel kernel;
    private final Cell size;
    private final Cell free;
    private final Cells pages;
    private final Cells taken;
    private final Table<Long, Boolean> reserved;

    Hugetlb(World world, Kernel kernel) {
        this.kernel = kernel;
        this.size = world.cell("hugetlb.nr_huge_pages");
        this.free = world.cell("hugetlb.free_huge_pages");
        this.pages = world.cells("hugetlb.pages");
        this.taken = world.cells("hugetlb.taken");
        this.reserved = world.table("hugetlb.reserved");
    }

    /** hugepages=: sets so many huge pages aside, as many as there is memory for; while the machine is composed. */
    public void pool(int count) {
        long frame = count == 0 ? 0 : kernel.frames().allocate(Use.HUGETLB, 0, Thp.ORDER);
        for (int i = 0; i < count && frame != 0; i++) {
            pages.set(i, frame);
            size.set(i + 1L);
            free.set(i + 1L);
            frame = i + 1 < count ? kernel.frames().allocate(Use.HUGETLB, 0, Thp.ORDER) : 0;
        }
    }

    /** nr_huge_pages. */
    public long size() {
        return size.get();
    }

    /** free_huge_pages: those that nobody has, reserved or not. */
    public long free() {
        return free.get();
    }

    /** @param owner an address space; or a file, where the address is one in it */
    private static long key(int owner, long address) {
        boolean file = owner >= Owners.FILES;
        long first = file ? FILES | (long) (owner - Owners.FILES) << INDEX_BITS : (long) owner << PAGE_BITS;
        return first | address >>> Frames.PAGE_SHIFT;
    }

    /** hugetlb_acct_memory(): reserves the pages of a new mapping; false if there are not so many. */
    boolean reserve(int mm, long start, long end) {
        if (free.get() - reserved.size() < (end - start) / Thp.SIZE) {
            return false;
        }
        for (long at = start; at < end; at += Thp.SIZE) {
            reserved.put(key(mm, at), true);
        }
        return true;
    }

    /** hugetlb_vm_op_close(): what a mapping reserved and never used is free again. */
    void unreserve(int mm, long start, long end) {
        Map.Entry<Long, Boolean> entry = reserved.ceiling(key(mm, start));
        while (entry != null && entry.getKey() < key(mm, end)) {
            reserved.remove(entry.getKey());
            entry = reserved.ceiling(key(mm, start));
        }
    }

    /** What was reserved for a range is for another one from here on. */
    void move(int mm, long from, long to, long length) {
        for (long at = 0; at < length; at += Thp.SIZE) {
            if (reserved.get(key(mm, from + at)) != null) {
                reserved.remove(key(mm, from + at));
                reserved.put(key(mm, to + at), true);
            }
        }
    }

    /** alloc_huge_page(): a zeroed huge page for an address, from what is reserved for it or from what nobody has reserved; or 0. */
    long allocate(int mm, long address) {
        boolean own = reserved.get(key(mm, address)) != null;
        if (free.get() == 0 || !own && free.get() <= reserved.size()) {
            return 0;
        }
        reserved.remove(key(mm, address));
        int index = 0;
        while (taken.get(index) != 0) {
            index++;
        }
        taken.set(index, 1);
        free.set(free.get() - 1);
        long frame = pages.get(index);
        for (long i = frame; i < frame + Thp.PAGES; i++) {
            kernel.frames().fill(i, 0);
            kernel.frames().become(i, Use.HUGETLB, mm);
        }
        return frame;
    }

    /** put_page(): drops a reference; with the last one the page goes back to the pool. */
    void put(long page) {
        long frame = kernel.frames().head(page);
        if (!kernel.frames().put(frame)) {
            return;
        }
        kernel.frames().get(frame);
        kernel.folios().clear(frame);
        kernel.frames().retire(frame);
        for (long i = frame; i < frame + Thp.PAGES; i++) {
            kernel.frames().become(i, Use.HUGETLB, 0);
        }
        int index = 0;
        while (pages.get(index) != frame) {
            index++;
        }
        taken.set(index, 0);
        free.set(free.get() + 1);
    }
}
