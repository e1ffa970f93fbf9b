package dev.shootdown.lang;

import dev.shootdown.lang.grammar.ShootdownLexer;
import dev.shootdown.lang.grammar.ShootdownParser;
import dev.shootdown.lang.grammar.ShootdownParser.ScriptContext;
import java.util.BitSet;
import java.util.List;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;

/**
 * Puts a script into its canonical layout: two spaces for each block, one between words, none at the end of a line, at
 * most one empty line in a row. Lines stay as they were cut, comments and code in fences as they were written, and
 * formatting twice changes nothing more.
 */
public final class Formatter {
    private static final String INDENT = "  ";

    private final List<Token> tokens;
    private final BitSet lengths = new BitSet();
    private final BitSet signs = new BitSet();
    private final BitSet assignments = new BitSet();
    private final BitSet bars = new BitSet();
    private final StringBuilder out = new StringBuilder();
    private int depth;
    private boolean lineStart = true;
    private int emptyLines;
    private boolean continued;
    private Token last;

    private Formatter(List<Token> tokens) {
        this.tokens = tokens;
    }

    /**
     * The script in its canonical layout.
     *
     * @throws dev.shootdown.vocabulary.Refusal if it does not parse
     */
    public static String format(String source, String text) {
        Parser.parse(source, text);
        Tokens tokens = Tokens.of(new Source(source, text));
        Formatter formatter = new Formatter(tokens.all());
        Parser.withStack(tokens, () -> {
            ScriptContext context = Parser.context(tokens);
            formatter.note(context);
            return context;
        });
        return formatter.layout();
    }

    /**
     * Notes which plus is a length, which minus has nothing before it, which = is no option's, which | joins constants: their
     * spaces differ.
     */
    private void note(ParserRuleContext context) {
        for (ParseTree child : context.children == null ? List.<ParseTree>of() : context.children) {
            switch (child) {
                case ParserRuleContext rule -> note(rule);
                case TerminalNode leaf -> note(context, leaf.getSymbol());
                default -> { }
            }
        }
    }

    private void note(ParserRuleContext context, Token token) {
        boolean length = context instanceof ShootdownParser.LengthContext || context instanceof ShootdownParser.IndexContext;
        if (length && token.getType() == ShootdownLexer.PLUS) {
            lengths.set(token.getTokenIndex());
        }
        if (context instanceof ShootdownParser.ConstantsContext) {
            bars.set(token.getTokenIndex());
        }
        if (context instanceof ShootdownParser.UnaryContext) {
            signs.set(token.getTokenIndex());
        }
        if (context instanceof ShootdownParser.LetContext || context instanceof ShootdownParser.AssignContext) {
            assignments.set(token.getTokenIndex());
        }
    }

    private String layout() {
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            boolean added = token.getStopIndex() < token.getStartIndex();
            if (!added && token.getType() != Token.EOF) {
                put(token);
            }
        }
        String text = out.toString().stripTrailing();
        return text.isEmpty() ? "" : text + "\n";
    }

    private void put(Token token) {
        switch (token.getType()) {
            case ShootdownLexer.NEWLINE -> newline(token);
            case ShootdownLexer.CONTINUATION -> continuation(token);
            case ShootdownLexer.SEMICOLON -> semicolon(token);
            case ShootdownLexer.CLOSE_BRACE -> {
                depth--;
                word(token);
            }
            case ShootdownLexer.OPEN_BRACE -> {
                word(token);
                depth++;
            }
            default -> word(token);
        }
    }

    private void newline(Token token) {
        boolean inside = token.getChannel() != Token.DEFAULT_CHANNEL;
        if (lineStart) {
            emptyLines++;
        } else {
            endLine();
        }
        continued = inside;
    }

    /** A backslash stays where it joins two parts of a statement. */
    private void continuation(Token token) {
        if (!lineStart && goesOn(token)) {
            trim();
            out.append(" \\");
            endLine();
            continued = true;
        }
    }

    private boolean goesOn(Token token) {
        for (int i = token.getTokenIndex() + 1; i < tokens.size(); i++) {
            if (tokens.get(i).getChannel() == Token.DEFAULT_CHANNEL) {
                int type = tokens.get(i).getType();
                return type != ShootdownLexer.NEWLINE && type != ShootdownLexer.SEMICOLON;
            }
        }
        return false;
    }

    private void endLine() {
        trim();
        out.append('\n');
        lineStart = true;
        emptyLines = 0;
    }

    private void trim() {
        int end = out.length();
        while (end > 0 && (out.charAt(end - 1) == ' ' || out.charAt(end - 1) == '\t')) {
            end--;
        }
        out.setLength(end);
    }

    /** A semicolon stands between two statements of one line; anywhere else it says nothing. */
    private void semicolon(Token token) {
        if (!lineStart && !nothingBefore() && statementFollows(token)) {
            out.append(';');
            last = token;
        }
    }

    private boolean nothingBefore() {
        return last == null || last.getType() == ShootdownLexer.SEMICOLON || last.getType() == ShootdownLexer.OPEN_BRACE;
    }

    private boolean statementFollows(Token token) {
        for (int i = token.getTokenIndex() + 1; i < tokens.size(); i++) {
            Token next = tokens.get(i);
            boolean added = next.getStopIndex() < next.getStartIndex();
            boolean says = next.getType() != ShootdownLexer.SEMICOLON && next.getChannel() == Token.DEFAULT_CHANNEL;
            if (says && !added) {
                return next.getType() != ShootdownLexer.NEWLINE && next.getType() != ShootdownLexer.CLOSE_BRACE;
            }
        }
        return false;
    }

    private void word(Token token) {
        if (lineStart) {
            begin(token);
        } else if (spaced(token)) {
            out.append(' ');
        }
        out.append(token.getChannel() == Token.DEFAULT_CHANNEL ? token.getText() : token.getText().stripTrailing());
        last = token;
        lineStart = false;
        emptyLines = 0;
    }

    private void begin(Token token) {
        boolean atEdge = last == null
                || last.getType() == ShootdownLexer.OPEN_BRACE
                || token.getType() == ShootdownLexer.CLOSE_BRACE;
        if (emptyLines > 0 && !atEdge && !continued) {
            out.append('\n');
        }
        out.append(INDENT.repeat(Math.max(0, depth) + (continued ? 2 : 0)));
        continued = false;
    }

    private boolean spaced(Token token) {
        int type = token.getType();
        if (verbatim(token)) {
            return false;
        }
        return switch (type) {
            case ShootdownLexer.CALL, ShootdownLexer.COMMA, ShootdownLexer.COLON, ShootdownLexer.CLOSE_PARENTHESIS, ShootdownLexer.DOT,
                    ShootdownLexer.RANGE, ShootdownLexer.CLOSE_BRACKET, ShootdownLexer.EXPRESSION_END -> false;
            case ShootdownLexer.BAR -> !bars.get(token.getTokenIndex());
            case ShootdownLexer.OPEN_BRACKET -> last.getType() == ShootdownLexer.COMMA;
            case ShootdownLexer.ASSIGN -> assignments.get(token.getTokenIndex());
            case ShootdownLexer.CLOSE_BRACE -> last.getType() != ShootdownLexer.OPEN_BRACE;
            default -> spacedBehind(token);
        };
    }

    /** Inside a string and inside a fence nothing is added. */
    private boolean verbatim(Token token) {
        return switch (token.getType()) {
            case ShootdownLexer.CHARACTERS, ShootdownLexer.ESCAPE, ShootdownLexer.EXPRESSION, ShootdownLexer.CLOSE_QUOTE,
                    ShootdownLexer.CODE, ShootdownLexer.FENCE_END -> true;
            default -> false;
        };
    }

    private boolean spacedBehind(Token token) {
        return switch (last.getType()) {
            case ShootdownLexer.PARENTHESIS, ShootdownLexer.CALL, ShootdownLexer.OPEN_BRACKET, ShootdownLexer.DOT, ShootdownLexer.RANGE,
                    ShootdownLexer.EXPRESSION -> false;
            case ShootdownLexer.BAR -> !bars.get(last.getTokenIndex());
            case ShootdownLexer.ASSIGN -> assignments.get(last.getTokenIndex());
            case ShootdownLexer.PLUS -> !lengths.get(last.getTokenIndex());
            case ShootdownLexer.MINUS, ShootdownLexer.NEGATION -> !signs.get(last.getTokenIndex());
            default -> true;
        };
    }
}
