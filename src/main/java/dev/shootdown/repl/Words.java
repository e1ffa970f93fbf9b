package dev.shootdown.repl;

import dev.shootdown.lang.Interpreter;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Completes the language's words and live names, and the prompt's own commands. */
final class Words implements Completer {
    private final Interpreter interpreter;

    Words(Interpreter interpreter) {
        this.interpreter = interpreter;
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        String text = line.line();
        if (text.startsWith(".")) {
            commands(text, candidates);
            return;
        }
        for (dev.shootdown.lang.Candidate word : interpreter.complete(text, line.cursor())) {
            candidates.add(candidate(word.text(), word.group(), word.help()));
        }
    }

    private static void commands(String text, List<Candidate> candidates) {
        if (text.startsWith(".mode ") || text.startsWith(".last ")) {
            Mode.words().forEach(mode -> candidates.add(candidate(mode, "mode", "")));
        } else if (text.indexOf(' ') < 0) {
            for (DotCommand command : DotCommand.values()) {
                candidates.add(candidate(command.word().name(), "prompt", command.word().help()));
            }
        }
    }

    private static Candidate candidate(String text, String group, String help) {
        return new Candidate(text, text, group, help.isEmpty() ? null : help, null, null, true);
    }
}
