package dev.shootdown.mm;

import java.util.Arrays;
import java.util.Locale;

/** What {@link Madvise} may be told: include/uapi/asm-generic/mman-common.h. */
public enum Advice {
    /** MADV_DONTNEED: the pages go. */
    DONTNEED(4),
    /** MADV_DONTNEED_LOCKED: also of a locked mapping. */
    DONTNEED_LOCKED(24),
    /** MADV_REMOVE: a hole in the file that is mapped there. */
    REMOVE(9),
    /** MADV_PAGEOUT: the pages are taken back. */
    PAGEOUT(21),
    /** MADV_WILLNEED: the pages are read ahead. */
    WILLNEED(3),
    /** MADV_FREE: the pages may go, until they are written to. */
    FREE(8),
    /** MADV_COLD: the pages are not needed soon. */
    COLD(20),
    /** MADV_POPULATE_READ: the pages are made present, to be read. */
    POPULATE_READ(22),
    /** MADV_POPULATE_WRITE: the same, to be written to. */
    POPULATE_WRITE(23),
    /** MADV_DONTFORK: a fork's child does not get the mapping. */
    DONTFORK(10),
    /** MADV_DOFORK: it does. */
    DOFORK(11),
    /** MADV_WIPEONFORK: a fork's child gets the mapping without the pages. */
    WIPEONFORK(18),
    /** MADV_KEEPONFORK: with them. */
    KEEPONFORK(19),
    /** MADV_NORMAL: no special use. */
    NORMAL(0),
    /** MADV_RANDOM: here and there. */
    RANDOM(1),
    /** MADV_SEQUENTIAL: from the start to the end. */
    SEQUENTIAL(2),
    /** MADV_MERGEABLE: equal pages may become one. */
    MERGEABLE(12),
    /** MADV_UNMERGEABLE: no longer, and those that did are copied. */
    UNMERGEABLE(13),
    /** MADV_DONTDUMP: the mapping is no part of a core dump. */
    DONTDUMP(16),
    /** MADV_DODUMP: it is. */
    DODUMP(17),
    /** MADV_HUGEPAGE: huge pages are welcome. */
    HUGEPAGE(14),
    /** MADV_NOHUGEPAGE: they are not. */
    NOHUGEPAGE(15),
    /** MADV_GUARD_INSTALL: whoever accesses the pages gets a signal. */
    GUARD_INSTALL(102),
    /** MADV_GUARD_REMOVE: no longer. */
    GUARD_REMOVE(103),
    /** MADV_COLLAPSE: the pages become huge ones now. */
    COLLAPSE(25);

    private final int number;

    Advice(int number) {
        this.number = number;
    }

    /** The advice of this number, or null. */
    public static Advice of(long number) {
        return Arrays.stream(values()).filter(advice -> advice.number == number).findFirst().orElse(null);
    }

    /** Whether what is in the pages may be lost by it: is_discard(). */
    boolean discards() {
        return switch (this) {
            case FREE, DONTNEED, DONTNEED_LOCKED, REMOVE, DONTFORK, WIPEONFORK, GUARD_INSTALL -> true;
            case PAGEOUT, WILLNEED, COLD, POPULATE_READ, POPULATE_WRITE, DOFORK, KEEPONFORK, NORMAL, RANDOM, SEQUENTIAL,
                    MERGEABLE, UNMERGEABLE, DONTDUMP, DODUMP, HUGEPAGE, NOHUGEPAGE, GUARD_REMOVE, COLLAPSE -> false;
        };
    }

    /** Whether it only changes the mapping's flags, for which the list of mappings is locked for writing. */
    boolean flags() {
        return switch (this) {
            case DONTFORK, DOFORK, WIPEONFORK, KEEPONFORK, NORMAL, RANDOM, SEQUENTIAL, MERGEABLE, UNMERGEABLE, DONTDUMP, DODUMP, HUGEPAGE,
                    NOHUGEPAGE -> true;
            case DONTNEED, DONTNEED_LOCKED, REMOVE, PAGEOUT, WILLNEED, FREE, COLD, POPULATE_READ, POPULATE_WRITE, GUARD_INSTALL,
                    GUARD_REMOVE, COLLAPSE -> false;
        };
    }

    /** As the language writes it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
