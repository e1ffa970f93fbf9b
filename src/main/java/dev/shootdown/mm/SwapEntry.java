package dev.shootdown.mm;

import dev.shootdown.memory.Entry;

/**
 * What stands in an entry of a page that is not in memory, or is on its way to another frame: a type and an offset, in
 * bits 59 to 63 and, inverted, 9 to 58: arch/x86/include/asm/pgtable_64.h, 4.19 and later (6b28baca9b1f); what older
 * kernels keep in other bits the model keeps here too.
 */
final class SwapEntry {
    /** Bit 1 of a swap entry: soft-dirty. */
    static final long SOFT_DIRTY = 1L << 1;
    /** Bit 2: write-protected by userfaultfd. */
    static final long UFFD_WP = 1L << 2;
    /** Bit 3: the page was one mapping's own. */
    static final long EXCLUSIVE = 1L << 3;
    /** The one swap area. */
    static final int AREA = 0;
    /** MAX_SWAPFILES + SWP_HWPOISON_NUM: SWP_MIGRATION_READ. */
    static final int MIGRATION_READ = 24;
    /** SWP_MIGRATION_READ_EXCLUSIVE. */
    static final int MIGRATION_READ_EXCLUSIVE = 25;
    /** SWP_MIGRATION_WRITE. */
    static final int MIGRATION_WRITE = 26;

    /** In a migration entry's offset, above the frame: the page was used (SWP_MIG_YOUNG_BIT). */
    static final long YOUNG = 1L << 40;
    /** The same for: it was written to (SWP_MIG_DIRTY_BIT). */
    static final long DIRTY = 1L << 41;

    /** SWP_PTE_MARKER: no page at all, but a mark. */
    static final int PTE_MARKER = 31;
    /** The mark of a guard page: PTE_MARKER_GUARD. */
    static final long GUARD = 1L << 2;

    private static final int TYPE_SHIFT = 59;
    private static final int OFFSET_SHIFT = 14;
    private static final int TYPE_BITS = 5;

    private SwapEntry() {}

    static long of(int type, long offset) {
        return ~offset << OFFSET_SHIFT >>> TYPE_BITS | (long) type << TYPE_SHIFT;
    }

    static int type(long entry) {
        return (int) (entry >>> TYPE_SHIFT);
    }

    static long offset(long entry) {
        return ~entry << TYPE_BITS >>> OFFSET_SHIFT;
    }

    /** The frame that a migration entry names. */
    static long frame(long entry) {
        return offset(entry) & YOUNG - 1;
    }

    /** Whether an entry is a guard marker: there is no page, and there is to be none. */
    static boolean guard(long entry) {
        return entry != 0 && !Entry.mapped(entry) && type(entry) == PTE_MARKER;
    }

    /** Whether an entry stands for a page in the swap area. */
    static boolean swapped(long entry) {
        return entry != 0 && !Entry.mapped(entry) && type(entry) == AREA;
    }

    /** Whether an entry stands for a page that is being moved. */
    static boolean migrating(long entry) {
        return !Entry.mapped(entry) && type(entry) >= MIGRATION_READ && type(entry) <= MIGRATION_WRITE;
    }
}
