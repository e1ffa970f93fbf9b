package dev.shootdown.mm;

import java.util.Locale;

/** What {@link Madvise} may be told: include/uapi/asm-generic/mman-common.h. */
public enum Advice {
    /** MADV_DONTNEED: the pages go. */
    DONTNEED,
    /** MADV_DONTNEED_LOCKED: also of a locked mapping. */
    DONTNEED_LOCKED,
    /** MADV_REMOVE: a hole in the file that is mapped there. */
    REMOVE,
    /** MADV_PAGEOUT: the pages are taken back. */
    PAGEOUT,
    /** MADV_WILLNEED: the pages are read ahead. */
    WILLNEED;

    /** As the language writes it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
