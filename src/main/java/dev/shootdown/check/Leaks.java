package dev.shootdown.check;

import dev.shootdown.memory.Frames;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds frames in use that nobody has a way to, where nobody has anything left to do: pages of processes that no
 * entry maps, and page-table pages of address spaces that are gone. What a cache, a pool or the kernel holds is held.
 */
record Leaks(Frames frames, Spaces spaces) {
    List<Long> find() {
        List<Long> found = new ArrayList<>();
        for (long frame = frames.nextInUse(0); frame != 0; frame = frames.nextInUse(frame)) {
            if (leaked(frame)) {
                found.add(frame);
            }
        }
        return found;
    }

    private boolean leaked(long frame) {
        return switch (frames.use(frame)) {
            case ANONYMOUS -> frames.references(frame) > 0 && !held(frame);
            case TABLE -> !spaces.alive(frames.owner(frame));
            case FREE, FILE, SHARED, HUGETLB, KERNEL -> false;
        };
    }

    /** A compound page is held by whatever maps or caches any frame of it; the frames behind its first have no references of their own. */
    private boolean held(long frame) {
        for (long i = frame; i < frame + (1L << frames.order(frame)); i++) {
            if (frames.mappings(i) > 0 || spaces.inSwapCache(i)) {
                return true;
            }
        }
        return false;
    }
}
