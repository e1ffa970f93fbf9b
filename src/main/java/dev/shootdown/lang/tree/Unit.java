package dev.shootdown.lang.tree;

/** What stands right behind a number. */
public enum Unit {
    NONE("", 1),
    KIB("K", 1L << 10),
    MIB("M", 1L << 20),
    GIB("G", 1L << 30),
    TIB("T", 1L << 40),
    PAGES("p", 1L << 12),
    MICROSECONDS("us", 1),
    MILLISECONDS("ms", 1_000);

    private final String written;
    private final long scale;

    Unit(String written, long scale) {
        this.written = written;
        this.scale = scale;
    }

    public String written() {
        return written;
    }

    /** How many bytes, or microseconds, one of it is. */
    public long scale() {
        return scale;
    }

    public boolean isTime() {
        return this == MICROSECONDS || this == MILLISECONDS;
    }
}
