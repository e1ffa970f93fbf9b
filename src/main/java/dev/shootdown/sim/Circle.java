package dev.shootdown.sim;

/**
 * Whether a run has come back to where it was, and so goes round for ever. The whole world is looked at for that, so it is
 * done seldom, and for the first time late: few runs are that long.
 */
public final class Circle {
    private static final long FIRST = 1 << 18;
    private static final long EVERY = 1 << 14;

    private long begin = -1;
    private long next;
    private long kept;
    private long keptAt;
    private long keepAt;

    /** To be asked between two steps; answers soon after the circle is closed, not at once. */
    public boolean closed(Engine engine) {
        long steps = engine.steps();
        if (begin < 0 || steps < begin) {
            begin = steps;
            next = begin + FIRST;
            keepAt = next;
            keptAt = -1;
        }
        return steps >= next && look(engine.world(), steps);
    }

    /** What is kept grows old, each time twice as old as before (Brent), so that no circle is too long. */
    private boolean look(World world, long steps) {
        long now = world.fingerprint();
        if (keptAt >= 0 && keptAt < steps && kept == now) {
            return true;
        }
        next = steps + EVERY;
        if (steps >= keepAt) {
            kept = now;
            keptAt = steps;
            keepAt = steps + (steps - begin);
        }
        return false;
    }
}
