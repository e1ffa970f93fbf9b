package dev.shootdown.mm;

import dev.shootdown.memory.Use;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;

/** Frames go back to the allocator, with the event that says so. */
final class Free {
    private Free() {}

    /** Drops a queued frame's reference, or frees a page-table page. Returns whether a frame was freed, which is an event. */
    static boolean gathered(Kernel kernel, Turn turn, int mm, long frame, int level) {
        if (level == 0) {
            return page(kernel, turn, mm, frame);
        }
        if (kernel.version().rcuTableFree()) {
            kernel.rcu().call(frame, level);
            return false;
        }
        table(kernel, turn, frame, level);
        return true;
    }

    /** Drops a reference of a page; returns whether it was the last one. A compound page goes as one. */
    static boolean page(Kernel kernel, Turn turn, int mm, long page) {
        long frame = kernel.frames().head(page);
        if (kernel.frames().use(frame) == Use.HUGETLB) {
            kernel.hugetlb().put(frame);
            return false;
        }
        int order = kernel.frames().order(frame);
        int owner = kernel.frames().owner(frame);
        if (!kernel.folios().put(frame) && !fromSwapCache(kernel, frame)) {
            return false;
        }
        String process = mm == 0 ? null : kernel.name(mm);
        turn.emit(Kind.PAGE_FREE, () -> new Event.PageFree(process, frame, order, kernel.name(owner)));
        return true;
    }

    /** A page that only the swap cache holds, and no entry stands for any more, goes: free_swap_cache(). */
    private static boolean fromSwapCache(Kernel kernel, long frame) {
        boolean useless = kernel.swap().slot(frame) != 0 && kernel.frames().references(frame) == 1 && kernel.swap().count(frame) == 0;
        if (useless) {
            kernel.swap().uncache(frame);
            kernel.folios().put(frame);
        }
        return useless;
    }

    /** Frees a page-table page. */
    static void table(Kernel kernel, Turn turn, long frame, int level) {
        int owner = kernel.frames().owner(frame);
        kernel.unlockTable(frame);
        kernel.frames().free(frame);
        turn.emit(Kind.TABLE_FREE, () -> new Event.TableFree(kernel.name(owner), frame, level));
    }
}
