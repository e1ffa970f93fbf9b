package dev.shootdown.mm;

import java.util.Locale;

/** How a page fault was served; its ordinal is what {@link HandleMmFault} leaves as the result. */
public enum FaultOutcome {
    /** Nothing was left to do. */
    SPURIOUS,
    /** The zero page. */
    ZERO,
    /** A new anonymous page. */
    ANON,
    /** Pages of a file. */
    FILE,
    /** A copy. */
    COW,
    /** The same page, made writable. */
    REUSE,
    /** A page from swap. */
    SWAP,
    /** It begins again, with the mmap lock. */
    RETRY;

    private static final FaultOutcome[] ALL = values();

    /** As the trace writes it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static FaultOutcome of(long result) {
        return ALL[(int) result];
    }
}
