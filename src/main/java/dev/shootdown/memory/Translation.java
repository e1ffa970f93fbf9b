package dev.shootdown.memory;

/**
 * What a TLB remembers of a 4 KiB page, packed into a long so that a look-up allocates nothing: the frame and
 * what it may be used for. 0 is none. Larger pages are remembered as the 4 KiB pages that are used of them,
 * as hardware may.
 */
public final class Translation {
    public static final int READ = 1;
    public static final int WRITE = 1 << 1;
    public static final int EXECUTE = 1 << 2;
    /** The entry's dirty bit was set when this was made, so that a write need not set it. */
    public static final int DIRTY = 1 << 3;
    /**
     * Of a device's: it has been made for privileged mode, and serves no other; of a pointer to a table: it lies behind an entry that is
     * not for users. Of an access: it asks for privileged mode.
     */
    public static final int PRIVILEGED = 1 << 4;
    private static final int BITS = 5;

    private Translation() {}

    public static long of(long frame, int permissions) {
        return frame << BITS | permissions;
    }

    public static long frame(long translation) {
        return translation >>> BITS;
    }

    public static int permissions(long translation) {
        return (int) translation & ((1 << BITS) - 1);
    }

    /** Whether it serves a device's access: it allows what is asked for, and has been made for the same mode. */
    public static boolean serves(long translation, int access) {
        return ((translation ^ access) & PRIVILEGED) == 0 && allows(translation, access);
    }

    public static boolean allows(long translation, int permissions) {
        return (translation & permissions) == permissions;
    }
}
