package dev.shootdown.vocabulary;

/**
 * A place in a text: a run of characters on one line.
 *
 * @param source what the text is called: a file's path, {@code -}, {@code -e}, or the REPL's name
 * @param line   counted from 1; 0 where a diagnostic concerns the whole source
 * @param column counted from 1, in characters
 * @param length in characters, at least 1
 * @param text   the line itself, without its end, for the caret; empty where there is none to show
 */
public record Span(String source, int line, int column, int length, String text) {
    public Span {
        length = Math.max(1, length);
    }

    /** A source as a whole: a file that cannot be read, an option of the command line. */
    public static Span whole(String source) {
        return new Span(source, 0, 0, 1, "");
    }
}
