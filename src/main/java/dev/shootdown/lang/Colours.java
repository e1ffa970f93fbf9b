package dev.shootdown.lang;

import dev.shootdown.lang.grammar.ShootdownLexer;
import dev.shootdown.lang.tree.Statement;
import dev.shootdown.lang.word.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.Token;

/** The lexemes of a text, for colours. Works on broken text too. */
final class Colours {
    private static final Set<String> VERBS = Words.verbs().stream().map(verb -> verb.name().split(" ")[0]).collect(Collectors.toUnmodifiableSet());
    private static final Set<String> COMMANDS =
            Words.commands().stream().map(dev.shootdown.vocabulary.Word::name).collect(Collectors.toUnmodifiableSet());

    private Colours() {}

    static List<Lexeme> of(String text, Names names) {
        ShootdownLexer lexer = new ShootdownLexer(CharStreams.fromString(text));
        lexer.removeErrorListeners();
        int[] offsets = offsets(text);
        Set<String> actors = Set.copyOf(names.actors());
        List<Lexeme> lexemes = new ArrayList<>();
        for (Token token = lexer.nextToken(); token.getType() != Token.EOF; token = lexer.nextToken()) {
            Lexeme.Sort sort = sort(token, actors);
            if (sort != null && token.getStopIndex() >= token.getStartIndex()) {
                lexemes.add(new Lexeme(offsets[token.getStartIndex()], offsets[token.getStopIndex() + 1], sort));
            }
        }
        return lexemes;
    }

    /** From the lexer's code points to the text's own indexes. */
    private static int[] offsets(String text) {
        int count = text.codePointCount(0, text.length());
        int[] offsets = new int[count + 1];
        for (int i = 0, at = 0; i <= count; i++) {
            offsets[i] = at;
            at += i < count ? Character.charCount(text.codePointAt(at)) : 0;
        }
        return offsets;
    }

    private static Lexeme.Sort sort(Token token, Set<String> actors) {
        int type = token.getType();
        return switch (type) {
            case ShootdownLexer.SHEBANG, ShootdownLexer.LINE_COMMENT, ShootdownLexer.BLOCK_COMMENT -> Lexeme.Sort.COMMENT;
            case ShootdownLexer.CONSTANT -> Lexeme.Sort.CONSTANT;
            case ShootdownLexer.NUMBER, ShootdownLexer.POSITION -> Lexeme.Sort.NUMBER;
            case ShootdownLexer.QUOTE, ShootdownLexer.CHARACTERS, ShootdownLexer.ESCAPE, ShootdownLexer.CLOSE_QUOTE, ShootdownLexer.CODE ->
                Lexeme.Sort.STRING;
            case ShootdownLexer.BAD, ShootdownLexer.BAD_NUMBER, ShootdownLexer.BAD_ESCAPE, ShootdownLexer.BAD_QUOTE, ShootdownLexer.UNCLOSED_TEXT ->
                Lexeme.Sort.WRONG;
            case ShootdownLexer.ID -> word(token.getText(), actors);
            default -> keyword(type);
        };
    }

    private static Lexeme.Sort word(String text, Set<String> actors) {
        if (actors.contains(text)) {
            return Lexeme.Sort.ACTOR;
        }
        if (VERBS.contains(text)) {
            return Lexeme.Sort.VERB;
        }
        return COMMANDS.contains(text) || Statement.COMMANDS.contains(text) ? Lexeme.Sort.KEYWORD : null;
    }

    private static Lexeme.Sort keyword(int type) {
        String name = ShootdownLexer.VOCABULARY.getLiteralName(type);
        return name != null && name.matches("'[a-z]+'") ? Lexeme.Sort.KEYWORD : null;
    }
}
