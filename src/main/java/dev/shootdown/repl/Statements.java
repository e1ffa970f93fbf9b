package dev.shootdown.repl;

import dev.shootdown.lang.Interpreter;
import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/** Tells the line editor where a statement ends, and which word the cursor is at. */
final class Statements implements Parser {
    private final Interpreter interpreter;

    Statements(Interpreter interpreter) {
        this.interpreter = interpreter;
    }

    /** An empty line ends a statement that seems to want more: then it is told what is missing. */
    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
        boolean accepting = context == ParseContext.ACCEPT_LINE || context == ParseContext.UNSPECIFIED;
        if (accepting && !line.startsWith(".") && !line.endsWith("\n") && interpreter.incomplete(line)) {
            throw new EOFError(-1, -1, "more is wanted", "");
        }
        return At.cursor(line, cursor);
    }

    @Override
    public boolean isEscapeChar(char character) {
        return false;
    }

    /**
     * The word at the cursor: letters, digits, {@code _} and {@code .}.
     *
     * @param line   the whole text
     * @param cursor where in it
     * @param start  where the word begins
     * @param end    where it ends
     */
    record At(String line, int cursor, int start, int end) implements CompletingParsedLine {
        static At cursor(String line, int cursor) {
            int start = cursor;
            while (start > 0 && inWord(line.charAt(start - 1))) {
                start--;
            }
            int end = cursor;
            while (end < line.length() && inWord(line.charAt(end))) {
                end++;
            }
            return new At(line, cursor, start, end);
        }

        private static boolean inWord(char c) {
            return Character.isLetterOrDigit(c) || c == '_' || c == '.';
        }

        @Override
        public String word() {
            return line.substring(start, end);
        }

        @Override
        public int wordCursor() {
            return cursor - start;
        }

        @Override
        public int wordIndex() {
            return 0;
        }

        @Override
        public List<String> words() {
            return List.of(word());
        }

        @Override
        public CharSequence escape(CharSequence candidate, boolean complete) {
            return candidate;
        }

        @Override
        public int rawWordCursor() {
            return wordCursor();
        }

        @Override
        public int rawWordLength() {
            return end - start;
        }
    }
}
