package dev.shootdown.lang;

import dev.shootdown.lang.grammar.ShootdownLexer;
import dev.shootdown.lang.tree.Statement;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Span;
import dev.shootdown.vocabulary.Suggestion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.antlr.v4.runtime.Token;

/** Turns a failed parse into one diagnostic: the mistake that people make there, if it is a known one. */
final class Complaint {
    /** Words that may begin a statement which has no actor and no default one. */
    private static final List<String> FIRST_WORDS = Stream.of(
                    IntStream.rangeClosed(ShootdownLexer.MACHINE, ShootdownLexer.WHY)
                            .mapToObj(type -> ShootdownLexer.VOCABULARY.getLiteralName(type).replace("'", "")),
                    Statement.COMMANDS.stream(),
                    Stream.of("use", "wait", "run", "explore"))
            .flatMap(words -> words)
            .toList();

    /** More than these in a row help nobody. */
    private static final int MOST = 4;

    private final Failure failure;
    private final Source source;
    private final Token token;
    private final Token previous;

    Complaint(Failure failure) {
        this.failure = failure;
        this.source = failure.tokens().source();
        this.token = failure.offending();
        this.previous = failure.previous();
    }

    /** The words with which a statement may begin. */
    static Collection<String> firstWords() {
        return FIRST_WORDS;
    }

    Diagnostic diagnostic() {
        return brokenWord()
                .or(this::unclosed)
                .or(this::misplaced)
                .orElseGet(this::unexpected);
    }

    private Span here() {
        return token.getType() == Token.EOF ? source.end() : source.at(token);
    }

    // What is no word of the language at all.

    private Optional<Diagnostic> brokenWord() {
        return Optional.ofNullable(switch (token.getType()) {
            case ShootdownLexer.BAD_NUMBER -> Numbers.explain(token.getText(), here());
            case ShootdownLexer.BAD_ESCAPE -> Diagnostic.error("bad-escape", here(), "there is no escape " + Quoting.quote(token.getText()))
                    .hint("escapes are \\n \\t \\\" \\\\ \\$ and \\xNN");
            case ShootdownLexer.BAD_QUOTE -> badQuote();
            case ShootdownLexer.BAD -> stray();
            case ShootdownLexer.UNCLOSED_TEXT -> unclosedText();
            default -> null;
        });
    }

    private Diagnostic badQuote() {
        if (token.getText().startsWith("`")) {
            return Diagnostic.error("stray-character", here(), "a single backtick has no meaning here")
                    .hint("JavaScript stands between two lines of three backticks, the first of them ```js");
        }
        return Diagnostic.error("syntax", here(), "a string stands in double quotes").hint("use \" in place of '");
    }

    private Diagnostic stray() {
        Diagnostic diagnostic = Diagnostic.error(
                "stray-character", here(), Quoting.quote(token.getText()) + " has no meaning here");
        return switch (token.getText()) {
            case "#" -> diagnostic.hint("comments begin with //, and #42 is position 42 of the trace");
            case "\u00a0" -> diagnostic.hint("this is a no-break space, perhaps from a web page: type a plain one");
            case "\u201c", "\u201d" -> diagnostic.hint("use \" as the quote");
            case "\\" -> diagnostic.hint("a line is continued by \\ as its last character");
            case "$" -> diagnostic.hint("${ } stands inside a string; elsewhere a name is written as it is");
            default -> diagnostic;
        };
    }

    // What was opened and not closed.

    private Optional<Diagnostic> unclosed() {
        if (failure.insideText()) {
            return Optional.of(unclosedText());
        }
        if (failure.expected().contains("the closing ```")) {
            Token fence = last(ShootdownLexer.FENCE);
            return Optional.of(Diagnostic.error("unclosed-fence", source.at(fence), "this fence has no end")
                    .hint("JavaScript ends with a line of three backticks"));
        }
        return unclosedComment().or(this::unclosedBracket).or(this::unclosedBlock);
    }

    private Diagnostic unclosedText() {
        return Diagnostic.error("unclosed-string", source.at(last(ShootdownLexer.QUOTE)), "this string has no end on its line")
                .hint("close it with \"; a line break inside is written \\n");
    }

    private Token last(int type) {
        for (int i = token.getTokenIndex(); i >= 0; i--) {
            if (failure.tokens().all().get(i).getType() == type) {
                return failure.tokens().all().get(i);
            }
        }
        return token;
    }

    private Optional<Diagnostic> unclosedComment() {
        return failure.tokens().openComment().filter(comment -> failure.atEnd()).map(comment ->
                Diagnostic.error("unclosed-comment", source.at(comment), "this comment has no end").hint("a comment ends with */"));
    }

    /** A bracket left open swallows the ends of lines, so it is blamed for whatever goes wrong on a later one. */
    private Optional<Diagnostic> unclosedBracket() {
        Token bracket = Nesting.innermostBracket(failure.tokens().all(), token);
        if (bracket == null || !(failure.atEnd() || bracket.getLine() < token.getLine() || endsBracket(bracket))) {
            return Optional.empty();
        }
        String end = switch (bracket.getType()) {
            case ShootdownLexer.OPEN_BRACKET -> "]";
            case ShootdownLexer.EXPRESSION -> "}";
            default -> ")";
        };
        return Optional.of(Diagnostic.error(
                "unclosed-bracket", source.at(bracket), Quoting.quote(bracket.getText()) + " is never closed by '" + end + "'"));
    }

    private boolean endsBracket(Token bracket) {
        return switch (token.getType()) {
            case ShootdownLexer.OPEN_BRACE, ShootdownLexer.CLOSE_BRACE -> true;
            case ShootdownLexer.QUOTE, ShootdownLexer.NEWLINE -> bracket.getType() == ShootdownLexer.EXPRESSION;
            default -> false;
        };
    }

    private Optional<Diagnostic> unclosedBlock() {
        Token brace = failure.tokens().openBlocks().peek();
        if (!failure.atEnd() || brace == null) {
            return Optional.empty();
        }
        Span open = source.at(brace);
        return Optional.of(Diagnostic.error("unclosed-brace", here(), "a '}' is missing at the end of input")
                .hint("the '{' on line " + open.line() + ", column " + open.column() + " is never closed: " + open.text().strip()));
    }

    // What is a word, but not there.

    private Optional<Diagnostic> misplaced() {
        return Optional.ofNullable(switch (token.getType()) {
            case ShootdownLexer.CLOSE_BRACKET -> previous != null && previous.getType() == ShootdownLexer.OPEN_BRACKET ? emptyRange() : nothingOpen();
            case ShootdownLexer.CLOSE_PARENTHESIS, ShootdownLexer.CLOSE_BRACE -> nothingOpen();
            case ShootdownLexer.OPEN_BRACE -> braceOnItsOwnLine();
            case ShootdownLexer.PLUS, ShootdownLexer.MINUS, ShootdownLexer.TIMES, ShootdownLexer.DIVIDE, ShootdownLexer.REMAINDER ->
                inArgument() ? syntax("there is no arithmetic in an argument").hint("put it in parentheses: (a + b)") : null;
            case ShootdownLexer.ASSIGN -> failure.expected().contains("an operator") ? syntax("'=' does not compare").hint("use ==") : null;
            case ShootdownLexer.COMMA -> comma();
            case ShootdownLexer.COLON -> expectedCall();
            case ShootdownLexer.PARENTHESIS, ShootdownLexer.CALL -> touching();
            case ShootdownLexer.AMPERSAND -> syntax("'&' stands only at the end of a call").hint("it leaves the call in flight");
            case ShootdownLexer.ELSE -> failure.atStatement() ? syntax("there is no if before this else") : reserved();
            case ShootdownLexer.OR -> failure.atStatement() ? syntax("there is no either before this or") : reserved();
            case ShootdownLexer.AT, ShootdownLexer.WHEN, ShootdownLexer.NOT -> reserved();
            default -> behindAmpersand();
        });
    }

    private Diagnostic behindAmpersand() {
        boolean behind = previous != null && previous.getType() == ShootdownLexer.AMPERSAND && token.getType() != ShootdownLexer.NEWLINE;
        return behind && failure.expected().contains("the end of the line")
                ? Diagnostic.error("syntax", source.at(previous), "'&' stands only at the end of a call").hint("it leaves the call in flight")
                : null;
    }

    private Diagnostic expectedCall() {
        return failure.statement().getType() == ShootdownLexer.EXPECT
                ? syntax("expect takes a condition, or an errno before a call").hint("expect EINVAL app.main: munmap buf")
                : null;
    }

    private Diagnostic emptyRange() {
        return Diagnostic.error("empty-range", source.at(previous, token), "the range in [ ] is empty")
                .hint("a mapping by its name alone is all of it; buf[8K] is a page, buf[8K +4K] a part");
    }

    private Diagnostic nothingOpen() {
        boolean open = token.getType() == ShootdownLexer.CLOSE_BRACE
                ? Nesting.blockIsOpen(failure.tokens().all(), token)
                : Nesting.innermostBracket(failure.tokens().all(), token) != null;
        return open ? null : syntax("there is nothing open that " + Quoting.quote(token.getText()) + " could close");
    }

    private Diagnostic braceOnItsOwnLine() {
        boolean alone = failure.atStatement();
        return alone ? syntax("a '{' on a line of its own belongs to nothing").hint("it stands on the line of what it belongs to") : null;
    }

    private boolean inArgument() {
        return failure.expected().contains("an argument");
    }

    private Diagnostic comma() {
        return failure.expected().contains("an argument") ? syntax("there is no comma between arguments").hint("a space separates them") : null;
    }

    private Diagnostic touching() {
        return failure.expected().contains("an argument")
                ? syntax("a '(' right behind a word calls a function").hint("put a space between a verb and its argument")
                : null;
    }

    private Diagnostic reserved() {
        return failure.expected().stream().anyMatch(word -> word.equals("a name") || word.equals("an argument"))
                        && !failure.expected().contains("the end of the line")
                ? syntax(Quoting.quote(token.getText()) + " is a word of the language and names nothing")
                : null;
    }

    private Diagnostic syntax(String cause) {
        return Diagnostic.error("syntax", here(), cause);
    }

    // Anything else.

    private Diagnostic unexpected() {
        String found = switch (token.getType()) {
            case Token.EOF -> "the end of input";
            case ShootdownLexer.NEWLINE -> "the end of the line";
            default -> Quoting.quote(token.getText());
        };
        String expected = failure.atStatement() && failure.expected().equals(Set.of("the end of the line")) ? "a statement" : list();
        return syntax(expected.isEmpty() ? "unexpected " + found : "expected " + expected + ", found " + found).didYouMean(nearFirstWord());
    }

    /** A statement that went wrong may have begun with a mistyped word. */
    private List<String> nearFirstWord() {
        Token first = failure.statement();
        return first.getType() == ShootdownLexer.ID && first != token
                ? Suggestion.nearest(first.getText(), FIRST_WORDS).stream().filter(word -> !word.equals(first.getText())).toList()
                : List.of();
    }

    private String list() {
        List<String> words = new ArrayList<>(failure.expected());
        boolean end = words.remove("the end of the line");
        if (words.size() > MOST) {
            words.subList(MOST, words.size()).clear();
        }
        if (end) {
            words.add("the end of the line");
        }
        int last = words.size() - 1;
        return last < 0 ? "" : last == 0 ? words.getFirst() : String.join(", ", words.subList(0, last)) + " or " + words.get(last);
    }
}
