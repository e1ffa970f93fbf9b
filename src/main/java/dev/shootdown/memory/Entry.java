package dev.shootdown.memory;

/**
 * An x86-64 page-table entry, which is a long: Intel SDM volume 3A, 4.5; AMD APM volume 2, 5.3; the software
 * bits as Linux uses them (arch/x86/include/asm/pgtable_types.h). AMD and Intel IOMMUs read the same format.
 *
 * <p>Levels count from 1, the lowest: 1 PTE, 2 PMD, 3 PUD, 4 P4D or PGD, 5 PGD.
 */
public final class Entry {
    public static final long PRESENT = 1L;
    public static final long WRITE = 1L << 1;
    public static final long USER = 1L << 2;
    public static final long ACCESSED = 1L << 5;
    public static final long DIRTY = 1L << 6;
    /** At levels 2 and 3: the entry maps a large page. */
    public static final long HUGE = 1L << 7;
    /** In an entry that is not present: it is one all the same, made so by PROT_NONE. */
    public static final long PROTNONE = 1L << 8;
    public static final long SPECIAL = 1L << 9;
    public static final long UFFD_WP = 1L << 10;
    public static final long SOFT_DIRTY = 1L << 11;
    /** In a table that a driver fills itself, not the kernel: what the entry was taken from is remembered (software's bit). */
    public static final long MIRRORED = 1L << 58;
    public static final long NX = 1L << 63;

    private static final long FRAME = 0x000f_ffff_ffff_f000L;
    private static final int INDEX_BITS = 9;

    private Entry() {}

    public static long of(long frame, long bits) {
        return frame << Frames.PAGE_SHIFT | bits;
    }

    /** The frame that a present (or PROT_NONE) entry names. */
    public static long frame(long entry) {
        return (entry & FRAME) >>> Frames.PAGE_SHIFT;
    }

    /** What hardware takes for present. */
    public static boolean present(long entry) {
        return (entry & PRESENT) != 0;
    }

    /** What the kernel takes for present: pte_present(), PROT_NONE included. */
    public static boolean mapped(long entry) {
        return (entry & (PRESENT | PROTNONE)) != 0;
    }

    public static boolean writable(long entry) {
        return (entry & WRITE) != 0;
    }

    public static boolean dirty(long entry) {
        return (entry & DIRTY) != 0;
    }

    public static boolean huge(long entry) {
        return (entry & HUGE) != 0;
    }

    /** The index of an address in a table of this level. */
    public static int index(long address, int level) {
        return (int) (address >>> shift(level)) & (Frames.WORDS - 1);
    }

    /** log2 of the bytes that one entry of this level covers. */
    public static int shift(int level) {
        return Frames.PAGE_SHIFT + INDEX_BITS * (level - 1);
    }

    /** The bytes that one entry of this level covers. */
    public static long span(int level) {
        return 1L << shift(level);
    }
}
