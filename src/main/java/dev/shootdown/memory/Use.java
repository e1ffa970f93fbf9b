package dev.shootdown.memory;

/** What a frame is used for. */
public enum Use {
    FREE,
    /** An anonymous page of a process. */
    ANONYMOUS,
    /** A page of the page cache. */
    FILE,
    /** A page of shared anonymous memory (shmem). */
    SHARED,
    /** A page-table page. */
    TABLE,
    /** A page of the hugetlb pool. */
    HUGETLB,
    /** The kernel's or a device's own: rings, device tables, the zero page. */
    KERNEL;

    private static final Use[] ALL = values();

    static Use of(int ordinal) {
        return ALL[ordinal];
    }
}
