package dev.shootdown.sim;

import dev.shootdown.vocabulary.Errno;
import dev.shootdown.vocabulary.Signal;

/**
 * How a call ended, as the long that steps leave for each other ({@link Turn#result}): a value from 0 on, an
 * errno as the kernel returns it (negative), or a signal, below all of these.
 */
public final class Outcome {
    private static final long SIGNALS = -4096;

    private Outcome() {}

    public static long of(Errno errno) {
        return -errno.number();
    }

    public static long of(Signal signal) {
        return SIGNALS - 1 - signal.ordinal();
    }

    public static boolean failed(long outcome) {
        return outcome < 0;
    }

    /** The errno that an outcome is, or null. */
    public static Errno errno(long outcome) {
        for (Errno errno : Errno.values()) {
            if (outcome == -errno.number()) {
                return errno;
            }
        }
        return null;
    }

    /** The signal that an outcome is, or null. */
    public static Signal signal(long outcome) {
        return outcome < SIGNALS ? Signal.values()[(int) (SIGNALS - 1 - outcome)] : null;
    }
}
