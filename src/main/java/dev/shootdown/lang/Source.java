package dev.shootdown.lang;

import dev.shootdown.vocabulary.Span;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.Token;

/** A text with its name, cut into lines, so that places in it can be told. */
final class Source {
    private final String name;
    private final String text;
    private final List<String> lines = new ArrayList<>();

    Source(String name, String text) {
        this.name = name;
        this.text = text;
        int start = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
            lines.add(line(start, end));
            start = end + 1;
        }
        lines.add(line(start, text.length()));
    }

    private String line(int start, int end) {
        boolean carriageReturn = end > start && text.charAt(end - 1) == '\r';
        return text.substring(start, carriageReturn ? end - 1 : end);
    }

    String name() {
        return name;
    }

    String text() {
        return text;
    }

    /** A place given by line and column, both from 1, in characters (code points). */
    Span at(int line, int column, int length) {
        return new Span(name, line, column, length, lines.get(line - 1));
    }

    /** From the first character of one token to the last of another, or to the end of the first one's line. */
    Span at(Token first, Token last) {
        int length = last.getStopIndex() - first.getStartIndex() + 1;
        int column = first.getCharPositionInLine();
        String line = lines.get(first.getLine() - 1);
        int rest = line.codePointCount(0, line.length()) - column;
        return at(first.getLine(), column + 1, first == last || sameLine(first, last) ? Math.min(length, Math.max(rest, 1)) : rest);
    }

    private static boolean sameLine(Token first, Token last) {
        return first.getLine() == last.getLine();
    }

    Span at(Token token) {
        return at(token, token);
    }

    /** Behind the last character that is not blank, or at the very beginning of an empty text. */
    Span end() {
        int line = lines.size();
        while (line > 1 && lines.get(line - 1).isBlank()) {
            line--;
        }
        String last = lines.get(line - 1).stripTrailing();
        return at(line, last.codePointCount(0, last.length()) + 1, 1);
    }
}
