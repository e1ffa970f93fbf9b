package dev.shootdown.repl;

import dev.shootdown.lang.Interpreter;
import dev.shootdown.view.Theme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jline.reader.EndOfFileException;
import org.jline.reader.History;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;

/** Statements from somebody at a terminal, with history, completion, colours and several lines a statement. */
final class TerminalLines implements Lines {
    private static final String MORE = "   ...> ";

    private final Terminal terminal;
    private final LineReader reader;

    TerminalLines(Terminal terminal, Interpreter interpreter, Theme theme, Map<String, String> environment) {
        this.terminal = terminal;
        LineReaderBuilder builder = LineReaderBuilder.builder().terminal(terminal).appName("shootdown")
                .parser(new Statements(interpreter)).completer(new Words(interpreter)).highlighter(new Colours(interpreter, theme))
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .option(LineReader.Option.AUTO_FRESH_LINE, true)
                .option(LineReader.Option.HISTORY_IGNORE_SPACE, false)
                .variable(LineReader.SECONDARY_PROMPT_PATTERN, MORE)
                .variable(LineReader.BELL_STYLE, "none");
        Path file = historyFile(environment);
        if (file != null) {
            builder.variable(LineReader.HISTORY_FILE, file);
        }
        this.reader = builder.build();
        if (theme != Theme.PLAIN) {
            reader.setAutosuggestion(LineReader.SuggestionType.HISTORY);
        }
    }

    /** In the state folder of the user; null where none can be made. */
    private static Path historyFile(Map<String, String> environment) {
        String state = environment.get("XDG_STATE_HOME");
        String home = environment.get("HOME");
        if ((state == null || state.isEmpty()) && (home == null || home.isEmpty())) {
            return null;
        }
        try {
            Path folder = (state == null || state.isEmpty() ? Path.of(home, ".local", "state") : Path.of(state)).resolve("shootdown");
            Files.createDirectories(folder);
            return Files.isWritable(folder) ? folder.resolve("history") : null;
        } catch (IOException | RuntimeException unwritable) {
            return null;
        }
    }

    @Override
    public String next(String prompt) {
        while (true) {
            try {
                return reader.readLine(prompt);
            } catch (UserInterruptException dropped) {
                // Ctrl-C at the prompt drops the line, as a shell does.
                continue;
            } catch (EndOfFileException end) {
                return null;
            }
        }
    }

    @Override
    public List<String> history() {
        List<String> lines = new ArrayList<>();
        for (History.Entry entry : reader.getHistory()) {
            lines.add(entry.line());
        }
        return lines;
    }

    @Override
    public void close() {
        try {
            reader.getHistory().save();
            terminal.close();
        } catch (IOException gone) {
            // Nobody is left to be told.
            terminal.writer().flush();
        }
    }
}
