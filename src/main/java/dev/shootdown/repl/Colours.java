package dev.shootdown.repl;

import dev.shootdown.lang.Interpreter;
import dev.shootdown.lang.Lexeme;
import dev.shootdown.view.Theme;
import org.jline.reader.Highlighter;
import org.jline.reader.LineReader;
import org.jline.utils.AttributedString;

/** Colours what is being typed. */
final class Colours implements Highlighter {
    private final Interpreter interpreter;
    private final Theme theme;

    Colours(Interpreter interpreter, Theme theme) {
        this.interpreter = interpreter;
        this.theme = theme;
    }

    @Override
    public AttributedString highlight(LineReader reader, String buffer) {
        if (theme == Theme.PLAIN || buffer.startsWith(".")) {
            return new AttributedString(buffer);
        }
        StringBuilder painted = new StringBuilder();
        int at = 0;
        for (Lexeme lexeme : interpreter.lexemes(buffer)) {
            painted.append(buffer, at, lexeme.start());
            painted.append(theme.paint(role(lexeme.sort()), buffer.substring(lexeme.start(), lexeme.end())));
            at = lexeme.end();
        }
        painted.append(buffer, at, buffer.length());
        return AttributedString.fromAnsi(painted.toString());
    }

    private static Theme.Role role(Lexeme.Sort sort) {
        return switch (sort) {
            case KEYWORD, CONSTANT -> Theme.Role.KEYWORD;
            case VERB -> Theme.Role.EVENT;
            case ACTOR -> Theme.Role.ACTOR;
            case NUMBER -> Theme.Role.NUMBER;
            case STRING -> Theme.Role.STRING;
            case COMMENT -> Theme.Role.FAINT;
            case WRONG -> Theme.Role.ERROR;
        };
    }
}
