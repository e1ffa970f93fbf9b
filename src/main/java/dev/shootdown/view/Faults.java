package dev.shootdown.view;

import dev.shootdown.lang.Front;
import dev.shootdown.lang.Status;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Severity;
import dev.shootdown.vocabulary.Span;
import java.io.PrintWriter;
import java.util.List;

/**
 * The last resort: what nobody caught is a fault of Shootdown's own and is told in one sentence.
 *
 * @param debug whether its stack trace is shown too
 * @param err   where to
 */
public record Faults(boolean debug, PrintWriter err) {
    /** Tells of a failure, and what the process's status is to say of it. */
    public Status tell(Throwable failure, String source, Front front) {
        if (debug) {
            failure.printStackTrace(err);
        }
        boolean memory = failure instanceof OutOfMemoryError;
        front.diagnostic(memory ? outOfMemory(source) : bug(failure, source));
        return memory ? Status.BOUND : Status.BUG;
    }

    private static Diagnostic outOfMemory(String source) {
        return Diagnostic.error("out-of-memory", Span.whole(source), "the memory of this process is full")
                .hint("SHOOTDOWN_JAVA_OPTIONS=-Xmx8g gives it more, 'explore --memory' bounds a search");
    }

    private Diagnostic bug(Throwable failure, String source) {
        String cause = "Shootdown failed: " + failure.getClass().getSimpleName();
        if (failure.getMessage() != null) {
            cause += ": " + failure.getMessage().lines().findFirst().orElse("");
        }
        String hint = debug ? "please report it with the script and the trace above" : "please report it with the script and what --debug shows";
        return new Diagnostic("bug", Severity.BUG, Span.whole(source), cause, hint, List.of());
    }
}
