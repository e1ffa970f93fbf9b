package dev.shootdown.js;

/**
 * How much a script may use before it is stopped.
 *
 * @param steps      of JavaScript, between two statements of the machine: statements and rounds of loops
 * @param statements of the machine in one run: as many as {@code repeat} may ask for
 */
public record Limits(long steps, long statements) {
    /** Enough for anything but a mistake: some seconds of computing. */
    public static Limits standard() {
        return new Limits(50_000_000, 1_000_000);
    }
}
