package dev.shootdown.explore;

import java.util.function.Supplier;

/** When a search began, who watches it, and whether it has to stop. */
final class Clock {
    private static final long EVERY = 200_000_000L;
    private static final double SECOND = 1e9;

    private final long began = System.nanoTime();
    private final Progress progress;
    private final double limit;
    private long reported = began;

    Clock(Progress progress, double limit) {
        this.progress = progress;
        this.limit = limit;
    }

    double seconds() {
        return (System.nanoTime() - began) / SECOND;
    }

    /** One for what comes behind: it has the time that is left, and so many seconds at least. */
    Clock rest(double least) {
        return new Clock(progress, Math.max(limit - seconds(), least));
    }

    /** To be called now and then; returns why to stop, or null. */
    Reach tick(String phase, Supplier<Counts> counts) {
        long now = System.nanoTime();
        if (now - reported >= EVERY) {
            reported = now;
            progress.at(phase, counts.get());
        }
        if (progress.interrupted()) {
            return new Reach(Reach.Cause.INTERRUPTED, counts.get().states());
        }
        return (now - began) / SECOND > limit ? new Reach(Reach.Cause.TIME, Math.round(limit)) : null;
    }
}
