package dev.shootdown.lang;

import dev.shootdown.trace.Moment;
import dev.shootdown.vocabulary.Diagnostic;
import java.util.List;

/** Who runs a session and shows what comes of it: the command line, the REPL, a test. */
public interface Front {
    /** The kinds of events that it shows, as their {@link dev.shootdown.trace.Kind#bit}s; it is told of no others. */
    long kinds();

    /** An event, as it happens; what is printed and verdicts are events too. Diagnostics come by {@link #diagnostic}. */
    void event(Moment moment);

    /** Something is wrong with the input, or a call failed that was not expected to. */
    void diagnostic(Diagnostic diagnostic);

    /** The events that led to a verdict, above which they stand. */
    void witness(String title, List<Moment> events);

    /** The answer to a question: what {@code info}, {@code why} and {@code help} have to say. */
    void listing(Listing listing);

    /** How far a long search has come, to be replaced by the next such line; an empty one takes it away. */
    void progress(String line);

    /** What a long search has found on its way, to be told at once and to stay: talk. */
    void news(String line);

    /** Whether the user wants the running statement to stop. Asked between two steps. */
    boolean interrupted();
}
