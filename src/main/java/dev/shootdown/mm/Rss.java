package dev.shootdown.mm;

import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Use;

/** The resident set's counters: include/linux/mm_types_task.h. */
public enum Rss {
    FILE, ANON, SWAP, SHMEM;

    /** The counter that a mapped frame counts in: mm_counter(). Before 4.5 shared memory counted as file pages. */
    static Rss of(Frames frames, long frame, KernelVersion version) {
        return switch (frames.use(frame)) {
            case ANONYMOUS -> ANON;
            case SHARED -> version.countsShmem() ? SHMEM : FILE;
            case FILE, FREE, TABLE, HUGETLB, KERNEL -> FILE;
        };
    }

    /** Whether a page of this use is anonymous: PageAnon(). */
    static boolean anonymous(Use use) {
        return use == Use.ANONYMOUS;
    }
}
