package dev.shootdown.lang;

import java.util.List;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.Interval;

/** Gives back pieces of a text as they were written, on one line. */
final class Written {
    private final List<Token> tokens;

    Written(Tokens tokens) {
        this.tokens = tokens.all();
    }

    /** From one token to another, both included. Where the line changes in between, comments go and a space is left. */
    String between(Token first, Token last) {
        String raw = raw(first, first.getStartIndex(), last.getStopIndex());
        return raw.indexOf('\n') < 0 ? raw : joined(first, last);
    }

    private String joined(Token first, Token last) {
        StringBuilder text = new StringBuilder(first.getText());
        Token previous = first;
        for (Token token : tokens.subList(first.getTokenIndex() + 1, last.getTokenIndex() + 1)) {
            boolean added = token.getStopIndex() < token.getStartIndex();
            if (token.getChannel() == Token.DEFAULT_CHANNEL && !added) {
                text.append(gap(previous, token)).append(token.getText());
                previous = token;
            }
        }
        return text.toString();
    }

    private static String gap(Token before, Token behind) {
        String blank = raw(before, before.getStopIndex() + 1, behind.getStartIndex() - 1);
        return blank.isBlank() && blank.indexOf('\n') < 0 ? blank : " ";
    }

    private static String raw(Token of, int start, int stop) {
        return start > stop ? "" : of.getInputStream().getText(Interval.of(start, stop));
    }
}
