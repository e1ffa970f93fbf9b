package dev.shootdown.lang;

import dev.shootdown.lang.grammar.ShootdownLexer;
import dev.shootdown.lang.grammar.ShootdownParser;
import java.util.Set;
import org.antlr.v4.runtime.NoViableAltException;
import org.antlr.v4.runtime.ParserRuleContext;
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
        Expectation expectation = new Expectation(tokens.all(), ShootdownParser._ATN);
        ParserRuleContext begun = begun((ParserRuleContext) cause.getCtx());
        Expectation.Outcome outcome = begun == null
                ? expectation.walk(ShootdownParser._ATN.states.get(cause.getOffendingState()), cause.getCtx(), start(cause))
                : expectation.walk(ShootdownParser._ATN.ruleToStartState[begun.getRuleIndex()], begun, begun.getStart());
        return new Failure(tokens, real(tokens, outcome.token()), outcome.expected());
    }

    private static Token start(RecognitionException cause) {
        return cause instanceof NoViableAltException none ? none.getStartToken() : cause.getOffendingToken();
    }

    /**
     * The statement, or what stands in its place, that had begun, or just ended where it should have gone on: all its
     * alternatives are asked again. Null between two of them.
     */
    private static ParserRuleContext begun(ParserRuleContext context) {
        ParserRuleContext begun = null;
        ParserRuleContext holder = context;
        while (holder != null && !holdsStatements(holder)) {
            begun = holder;
            holder = holder.getParent();
        }
        boolean between = begun == null || begun.getRuleIndex() == ShootdownParser.RULE_end;
        return between && holder != null ? justEnded(holder) : begun;
    }

    private static ParserRuleContext justEnded(ParserRuleContext holder) {
        for (int i = holder.getChildCount() - 1; i >= 0; i--) {
            boolean failedEnd = holder.getChild(i) instanceof ShootdownParser.EndContext end && end.getChildCount() == 0;
            if (!failedEnd) {
                boolean ended = holder.getChild(i) instanceof ParserRuleContext && !(holder.getChild(i) instanceof ShootdownParser.EndContext);
                return ended ? (ParserRuleContext) holder.getChild(i) : null;
            }
        }
        return null;
    }

    private static boolean holdsStatements(ParserRuleContext context) {
        return switch (context.getRuleIndex()) {
            case ShootdownParser.RULE_script, ShootdownParser.RULE_block, ShootdownParser.RULE_group,
                    ShootdownParser.RULE_driverBody, ShootdownParser.RULE_traced -> true;
            default -> false;
        };
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

    /** Whether it stands where a statement should begin. */
    boolean atStatement() {
        return !atEnd() && statement() == offending;
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
