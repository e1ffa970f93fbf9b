package dev.shootdown.lang;

import java.util.List;

/**
 * Carries out texts in one language on one machine at a time. What there is to see goes to its {@link Front}.
 */
public interface Interpreter extends AutoCloseable {
    /** Runs a whole script on a fresh machine; all of it is checked before any of it runs. */
    Status execute(String source, String text);

    /** Runs statements on the machine that stands: what is typed at a prompt. */
    Status evaluate(String source, String text);

    /** Explores what a script declares. */
    Status explore(String source, String text, Exploration request);

    /** Tries what a script's scenarios notice where a step that is there for safety is missing or out of place. */
    Status mutate(String source, String text, Experiment request);

    /** Whether a text that was typed wants more lines. */
    boolean incomplete(String text);

    /** The words that could replace the one that ends at the cursor, or stand there. */
    List<Candidate> complete(String text, int cursor);

    /** The text's lexemes, in order, for colours. A broken text has some too. */
    List<Lexeme> lexemes(String text);

    /** The actor that a statement without one is for; empty if there is none. */
    String actor();

    /** The ranges named in a process. */
    List<Place> places(String process);

    @Override
    void close();
}
