package dev.shootdown.mm;

import dev.shootdown.vocabulary.Errno;

/** What came of trying to collapse small pages: mm/khugepaged.c, enum scan_result. Left as its ordinal. */
enum CollapseResult {
    SUCCEED, PMD_MAPPED, PMD_NULL, PMD_NONE, EXCEED_NONE_PTE, EXCEED_SWAP_PTE, EXCEED_SHARED_PTE, PTE_NON_PRESENT, PTE_UFFD_WP, PAGE_RO,
    LACK_REFERENCED_PAGE, PAGE_NULL, PAGE_COUNT, VMA_CHECK, ALLOC_HUGE_PAGE_FAIL, FAIL;

    private static final CollapseResult[] ALL = values();

    static CollapseResult of(long ordinal) {
        return ALL[(int) ordinal];
    }

    /** Whether there is a huge page now. */
    boolean huge() {
        return this == SUCCEED || this == PMD_MAPPED;
    }

    /** Whether madvise goes on with the next two megabytes: madvise_collapse(). */
    boolean goesOn() {
        return switch (this) {
            case SUCCEED, PMD_MAPPED, PMD_NULL, PTE_NON_PRESENT, PTE_UFFD_WP, PAGE_RO, LACK_REFERENCED_PAGE, PAGE_NULL, PAGE_COUNT -> true;
            case PMD_NONE, EXCEED_NONE_PTE, EXCEED_SWAP_PTE, EXCEED_SHARED_PTE, VMA_CHECK, ALLOC_HUGE_PAGE_FAIL, FAIL -> false;
        };
    }

    /** What madvise returns: madvise_collapse_errno(). */
    Errno errno() {
        return switch (this) {
            case ALLOC_HUGE_PAGE_FAIL -> Errno.ENOMEM;
            case PAGE_COUNT -> Errno.EAGAIN;
            case SUCCEED, PMD_MAPPED, PMD_NULL, PMD_NONE, EXCEED_NONE_PTE, EXCEED_SWAP_PTE, EXCEED_SHARED_PTE, PTE_NON_PRESENT,
                    PTE_UFFD_WP, PAGE_RO, LACK_REFERENCED_PAGE, PAGE_NULL, VMA_CHECK, FAIL -> Errno.EINVAL;
        };
    }
}
