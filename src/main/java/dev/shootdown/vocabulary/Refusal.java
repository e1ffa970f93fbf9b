package dev.shootdown.vocabulary;

/**
 * Carries a {@link Diagnostic} out of nested code to whoever prints it. It has no stack trace: it
 * speaks of the input, not of this program.
 */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Diagnostic diagnostic;

    public Refusal(Diagnostic diagnostic) {
        super(diagnostic.cause(), null, false, false);
        this.diagnostic = diagnostic;
    }

    public Diagnostic diagnostic() {
        return diagnostic;
    }
}
