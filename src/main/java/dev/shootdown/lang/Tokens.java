package dev.shootdown.lang;

import dev.shootdown.lang.grammar.ShootdownLexer;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;

/**
 * A text as tokens, with limits checked before anything recurses over them. A newline of no width stands before
 * each closing brace and before the end, so that the last statement of a block ends like the others.
 */
final class Tokens {
    /** How deep blocks may be nested, and brackets. */
    static final int DEEPEST = 1_000;

    /** How many tokens a text may have: some ten megabytes of it. */
    private static final int MOST = 2_000_000;

    /** How many tokens a statement may have. */
    private static final int LONGEST = 100_000;

    private final Source source;
    private final List<Token> all = new ArrayList<>();
    private final Deque<Token> openBlocks = new ArrayDeque<>();
    private final Deque<Token> openBrackets = new ArrayDeque<>();
    private int inStatement;
    private int chained;
    private int deepest;

    private Tokens(Source source) {
        this.source = source;
    }

    static Tokens of(Source source) {
        Tokens tokens = new Tokens(source);
        tokens.refuseBinary();
        CharStream characters = CharStreams.fromString(source.text(), source.name());
        ShootdownLexer lexer = new ShootdownLexer(characters);
        lexer.removeErrorListeners();
        for (Token token = lexer.nextToken(); token.getType() != Token.EOF; token = lexer.nextToken()) {
            tokens.take(token);
        }
        tokens.end(lexer, characters);
        return tokens;
    }

    private void refuseBinary() {
        int nul = source.text().indexOf('\0');
        if (nul >= 0) {
            String before = source.text().substring(0, nul);
            int line = (int) before.chars().filter(character -> character == '\n').count() + 1;
            int column = nul - before.lastIndexOf('\n');
            throw new Refusal(Diagnostic.error("binary-input", source.at(line, column, 1), "this is no text: it has a zero byte"));
        }
    }

    private void take(Token token) {
        if (token.getType() == ShootdownLexer.CLOSE_BRACE) {
            all.add(newlineBefore(token));
        }
        all.add(token);
        if (token.getChannel() == Token.DEFAULT_CHANNEL) {
            nest(token);
            count(token);
        }
    }

    private static Token newlineBefore(Token token) {
        CommonToken newline = new CommonToken(token);
        newline.setType(ShootdownLexer.NEWLINE);
        newline.setStopIndex(token.getStartIndex() - 1);
        newline.setText("");
        return newline;
    }

    private void end(ShootdownLexer lexer, CharStream characters) {
        CommonToken end = (CommonToken) lexer.getTokenFactory()
                .create(new org.antlr.v4.runtime.misc.Pair<>(lexer, characters), Token.EOF, "", Token.DEFAULT_CHANNEL,
                        characters.size(), characters.size() - 1, lexer.getLine(), lexer.getCharPositionInLine());
        all.add(newlineBefore(end));
        all.add(end);
        for (int i = 0; i < all.size(); i++) {
            ((CommonToken) all.get(i)).setTokenIndex(i);
        }
    }

    private void nest(Token token) {
        switch (token.getType()) {
            case ShootdownLexer.OPEN_BRACE -> open(openBlocks, token);
            case ShootdownLexer.CLOSE_BRACE -> openBlocks.poll();
            case ShootdownLexer.PARENTHESIS, ShootdownLexer.CALL, ShootdownLexer.OPEN_BRACKET, ShootdownLexer.EXPRESSION ->
                open(openBrackets, token);
            case ShootdownLexer.CLOSE_PARENTHESIS, ShootdownLexer.CLOSE_BRACKET, ShootdownLexer.EXPRESSION_END ->
                openBrackets.poll();
            default -> { }
        }
    }

    private void open(Deque<Token> nest, Token token) {
        nest.push(token);
        deepest = Math.max(deepest, nest.size());
        if (nest.size() > DEEPEST) {
            throw new Refusal(Diagnostic.error(
                    "nested-too-deep", source.at(token), "this is nested more than " + DEEPEST + " deep"));
        }
    }

    /** Operators and dots pile up into a tree as deep as there are many, so a statement may have only so many. */
    private void count(Token token) {
        if (all.size() > MOST) {
            throw new Refusal(Diagnostic.error("script-too-long", source.at(token), "this script is too long: more than " + MOST + " words"));
        }
        if (endsStatement(token)) {
            inStatement = 0;
            chained = 0;
        } else if (++inStatement > LONGEST) {
            throw new Refusal(Diagnostic.error(
                    "statement-too-long", source.at(token), "this statement is too long: more than " + LONGEST + " words"));
        } else if (piles(token) && ++chained > DEEPEST) {
            throw new Refusal(Diagnostic.error(
                    "nested-too-deep", source.at(token), "this statement has more than " + DEEPEST + " operators"));
        }
    }

    private static boolean endsStatement(Token token) {
        return switch (token.getType()) {
            case ShootdownLexer.NEWLINE, ShootdownLexer.SEMICOLON, ShootdownLexer.OPEN_BRACE, ShootdownLexer.CLOSE_BRACE -> true;
            default -> false;
        };
    }

    private static boolean piles(Token token) {
        int type = token.getType();
        boolean operator = type >= ShootdownLexer.EQUAL && type <= ShootdownLexer.NEGATION && type != ShootdownLexer.ASSIGN;
        return operator || type == ShootdownLexer.DOT || type == ShootdownLexer.RANGE || type == ShootdownLexer.OPEN_BRACKET
                || type == ShootdownLexer.CALL || type == ShootdownLexer.OVERLAPS || type == ShootdownLexer.IN;
    }

    Source source() {
        return source;
    }

    /** All of them, comments and layout on channels of their own. */
    List<Token> all() {
        return all;
    }

    /** How deep the deepest nesting is. */
    int deepest() {
        return deepest;
    }

    /** The braces that nothing closes, the innermost first. */
    Deque<Token> openBlocks() {
        return openBlocks;
    }

    /** The parentheses, square brackets and interpolations that nothing closes, the innermost first. */
    Deque<Token> openBrackets() {
        return openBrackets;
    }

    /** A comment that runs to the end of the text without its end. */
    java.util.Optional<Token> openComment() {
        return all.stream()
                .filter(token -> token.getType() == ShootdownLexer.BLOCK_COMMENT)
                .filter(token -> token.getText().length() < 4 || !token.getText().endsWith("*/"))
                .findFirst();
    }
}
