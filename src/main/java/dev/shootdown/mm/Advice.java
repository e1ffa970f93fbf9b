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
    WILLNEED,
    /** MADV_FREE: the pages may go, until they are written to. */
    FREE,
    /** MADV_COLD: the pages are not needed soon. */
    COLD,
    /** MADV_POPULATE_READ: the pages are made present, to be read. */
    POPULATE_READ,
    /** MADV_POPULATE_WRITE: the same, to be written to. */
    POPULATE_WRITE,
    /** MADV_DONTFORK: a fork's child does not get the mapping. */
    DONTFORK,
    /** MADV_DOFORK: it does. */
    DOFORK,
    /** MADV_WIPEONFORK: a fork's child gets the mapping without the pages. */
    WIPEONFORK,
    /** MADV_KEEPONFORK: with them. */
    KEEPONFORK,
    /** MADV_NORMAL: no special use. */
    NORMAL,
    /** MADV_RANDOM: here and there. */
    RANDOM,
    /** MADV_SEQUENTIAL: from the start to the end. */
    SEQUENTIAL,
    /** MADV_MERGEABLE: equal pages may become one. */
    MERGEABLE,
    /** MADV_UNMERGEABLE: no longer, and those that did are copied. */
    UNMERGEABLE;

    /** Whether what is in the pages may be lost by it: is_discard(). */
    boolean discards() {
        return switch (this) {
            case FREE, DONTNEED, DONTNEED_LOCKED, REMOVE, DONTFORK, WIPEONFORK -> true;
            case PAGEOUT, WILLNEED, COLD, POPULATE_READ, POPULATE_WRITE, DOFORK, KEEPONFORK, NORMAL, RANDOM, SEQUENTIAL,
                    MERGEABLE, UNMERGEABLE -> false;
        };
    }

    /** Whether it only changes the mapping's flags, for which the list of mappings is locked for writing. */
    boolean flags() {
        return switch (this) {
            case DONTFORK, DOFORK, WIPEONFORK, KEEPONFORK, NORMAL, RANDOM, SEQUENTIAL, MERGEABLE, UNMERGEABLE -> true;
            case DONTNEED, DONTNEED_LOCKED, REMOVE, PAGEOUT, WILLNEED, FREE, COLD, POPULATE_READ, POPULATE_WRITE -> false;
        };
    }

    /** As the language writes it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
