package dev.shootdown.lang;

import dev.shootdown.lang.grammar.ShootdownLexer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.antlr.v4.runtime.Token;

/** What is open at a token. */
final class Nesting {
    private Nesting() {}

    /** The innermost parenthesis, square bracket or interpolation open before a token, or null. */
    static Token innermostBracket(List<Token> tokens, Token until) {
        Deque<Token> open = new ArrayDeque<>();
        for (Token token : tokens.subList(0, until.getTokenIndex())) {
            switch (token.getType()) {
                case ShootdownLexer.PARENTHESIS, ShootdownLexer.CALL, ShootdownLexer.OPEN_BRACKET, ShootdownLexer.EXPRESSION ->
                    open.push(token);
                case ShootdownLexer.CLOSE_PARENTHESIS, ShootdownLexer.CLOSE_BRACKET, ShootdownLexer.EXPRESSION_END -> open.poll();
                default -> { }
            }
        }
        return open.peek();
    }

    static boolean blockIsOpen(List<Token> tokens, Token until) {
        int depth = 0;
        for (Token token : tokens.subList(0, until.getTokenIndex())) {
            depth += token.getType() == ShootdownLexer.OPEN_BRACE ? 1 : token.getType() == ShootdownLexer.CLOSE_BRACE ? -1 : 0;
        }
        return depth > 0;
    }
}
