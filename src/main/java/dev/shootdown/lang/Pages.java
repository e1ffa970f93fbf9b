package dev.shootdown.lang;

/** Whole pages. */
final class Pages {
    static final long SIZE = 4096;

    private Pages() {}

    /** A number of bytes, rounded up to whole pages as the kernel does with lengths. */
    static long up(long bytes) {
        return (bytes + SIZE - 1) & -SIZE;
    }
}
