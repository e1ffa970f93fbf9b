package dev.shootdown.mm;

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

    /** Drops a reference of a page; returns whether it was the last one. */
    static boolean page(Kernel kernel, Turn turn, int mm, long frame) {
        int order = kernel.frames().order(frame);
        int owner = kernel.frames().owner(frame);
        if (!kernel.folios().put(frame)) {
            return false;
        }
        turn.emit(Kind.PAGE_FREE, () -> new Event.PageFree(kernel.name(mm), frame, order, kernel.name(owner)));
        return true;
    }

    /** Frees a page-table page. */
    static void table(Kernel kernel, Turn turn, long frame, int level) {
        int owner = kernel.frames().owner(frame);
        kernel.unlockTable(frame);
        kernel.frames().free(frame);
        turn.emit(Kind.TABLE_FREE, () -> new Event.TableFree(kernel.name(owner), frame, level));
    }
}
