package dev.shootdown.lang;

import dev.shootdown.lang.grammar.ShootdownLexer;
import dev.shootdown.lang.grammar.ShootdownParser;
import java.util.Set;
import org.antlr.v4.runtime.NoViableAltException;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.ParseCancellationException;

/**
 * Where a parse ended: at the first token that cannot stand where it stands.
 *
 * @param offending that token; never one of the newlines that the token source adds, but what follows it
 * @param expected  in human words, what could have stood there
 */
record Failure(Tokens tokens, Token offending, Set<String> expected) {
    static Failure of(Tokens tokens, ParseCancellationException failed) {
        RecognitionException cause = (RecognitionException) failed.getCause();
        Token start = cause instanceof NoViableAltException none ? none.getStartToken() : cause.getOffendingToken();
        Expectation expectation = new Expectation(tokens.all(), ShootdownParser._ATN);
        Expectation.Outcome outcome = expectation.walk(cause.getOffendingState(), cause.getCtx(), start.getTokenIndex());
        return new Failure(tokens, real(tokens, outcome.token()), outcome.expected());
    }

    private static Token real(Tokens tokens, Token token) {
        boolean added = token.getType() == ShootdownLexer.NEWLINE && token.getStopIndex() < token.getStartIndex();
        return added ? tokens.all().get(token.getTokenIndex() + 1) : token;
    }

    boolean atEnd() {
        return offending.getType() == Token.EOF;
    }

    /** Whether the text ended inside a string, outside its interpolations. */
    boolean insideText() {
        return expected.contains(Expectation.TEXT_END);
    }

    /** The last token before it that is no comment and no layout, or null. */
    Token previous() {
        for (int i = offending.getTokenIndex() - 1; i >= 0; i--) {
            Token token = tokens.all().get(i);
            boolean added = token.getStopIndex() < token.getStartIndex();
            if (token.getChannel() == Token.DEFAULT_CHANNEL && !added) {
                return token;
            }
        }
        return null;
    }

    /** The token that begins the statement in which it happened. */
    Token statement() {
        Token first = offending;
        for (int i = offending.getTokenIndex() - 1; i >= 0; i--) {
            Token token = tokens.all().get(i);
            if (token.getChannel() == Token.DEFAULT_CHANNEL) {
                switch (token.getType()) {
                    case ShootdownLexer.NEWLINE, ShootdownLexer.SEMICOLON, ShootdownLexer.OPEN_BRACE, ShootdownLexer.CLOSE_BRACE -> {
                        return first;
                    }
                    default -> first = token;
                }
            }
        }
        return first;
    }
}
