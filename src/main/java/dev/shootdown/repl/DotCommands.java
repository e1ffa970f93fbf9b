package dev.shootdown.repl;

import dev.shootdown.lang.ScriptFile;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import dev.shootdown.vocabulary.Suggestion;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Carries out the prompt's own commands. */
final class DotCommands {
    private final Repl repl;
    private final Lines lines;
    private final Screen screen;
    private final PrintWriter out;
    private final List<String> good = new ArrayList<>();
    private boolean left;

    DotCommands(Repl repl, Lines lines, Screen screen, PrintWriter out) {
        this.repl = repl;
        this.lines = lines;
        this.screen = screen;
        this.out = out;
    }

    /** Whether the user has had enough. */
    boolean left() {
        return left;
    }

    /** Keeps a statement for {@code .save}. */
    void wentWell(String statement) {
        good.add(statement);
    }

    void run(String text) {
        String[] words = text.split("\\s+", 2);
        try {
            DotCommand command = DotCommand.of(words[0]);
            if (command == null) {
                throw new Refusal(Diagnostic.error("unknown-command", new Span(Repl.SOURCE, 1, 1, words[0].length(), text),
                        "there is no command '" + words[0] + "'").hint("'.help' lists them")
                        .didYouMean(Suggestion.nearest(words[0], DotCommand.names())));
            }
            run(command, words.length == 1 ? "" : words[1].strip(), text);
        } catch (Refusal refusal) {
            screen.diagnostic(refusal.diagnostic());
        }
        out.flush();
    }

    private void run(DotCommand command, String argument, String text) {
        boolean needed = command.word().parameters().stream().anyMatch(parameter -> parameter.needed());
        if (needed && argument.isEmpty()) {
            throw refusal("missing-argument", text, "'" + command.usage() + "' wants a " + command.word().parameters().getFirst().name());
        }
        switch (command) {
            case HELP -> help();
            case MODE -> mode(argument, text);
            case LAST -> screen.again(argument.isEmpty() ? screen.mode() : modeOf(argument, text));
            case OUTPUT -> screen.redirect(argument.isEmpty() ? null : writer(argument), false);
            case ONCE -> screen.redirect(writer(argument), true);
            case SAVE -> save(argument);
            case LOAD -> load(argument);
            case HISTORY -> history(argument, text);
            case QUIT -> left = true;
        }
    }

    private void help() {
        List<List<String>> rows = Arrays.stream(DotCommand.values()).map(command -> List.of(command.usage(), command.word().help())).toList();
        int width = rows.stream().mapToInt(row -> row.getFirst().length()).max().orElse(0);
        rows.forEach(row -> out.print(row.getFirst() + " ".repeat(width + 2 - row.getFirst().length()) + row.getLast() + "\n"));
        out.print("'help' explains the language.\n");
    }

    private void mode(String argument, String text) {
        if (argument.isEmpty()) {
            out.print(screen.mode().word() + " (of " + String.join(", ", Mode.words()) + ")\n");
        } else {
            screen.mode(modeOf(argument, text));
        }
    }

    private static Mode modeOf(String argument, String text) {
        Mode mode = Mode.of(argument);
        if (mode == null) {
            throw new Refusal(Diagnostic.error("unknown-mode", new Span(Repl.SOURCE, 1, text.lastIndexOf(argument) + 1, argument.length(), text),
                    "there is no mode '" + argument + "'").hint("there are " + String.join(", ", Mode.words()))
                    .didYouMean(Suggestion.nearest(argument, Mode.words())));
        }
        return mode;
    }

    private static Path path(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException bad) {
            throw new Refusal(Diagnostic.error("no-file", Span.whole(name), "this cannot be the name of a file"));
        }
    }

    private static PrintWriter writer(String name) {
        try {
            return new PrintWriter(Files.newBufferedWriter(path(name), StandardCharsets.UTF_8));
        } catch (IOException failure) {
            throw new Refusal(Diagnostic.error("unwritable-file", Span.whole(name), "the file cannot be written"));
        }
    }

    private void save(String name) {
        try (PrintWriter file = writer(name)) {
            good.forEach(statement -> file.print(statement + "\n"));
        }
        out.print(good.size() + (good.size() == 1 ? " statement" : " statements") + " in " + name + "\n");
    }

    private void load(String name) {
        try {
            repl.statement(name, ScriptFile.read(name, path(name)), this);
        } catch (NoSuchFileException missing) {
            throw new Refusal(Diagnostic.error("no-file", Span.whole(name), "there is no such file"));
        } catch (IOException failure) {
            throw new Refusal(Diagnostic.error("unreadable-file", Span.whole(name), "the file cannot be read"));
        }
    }

    private void history(String argument, String text) {
        List<String> all = lines.history();
        int count = all.size();
        if (!argument.isEmpty()) {
            if (!argument.matches("[0-9]{1,9}")) {
                throw refusal("not-a-number", text, "'" + argument + "' is not a number of statements");
            }
            count = Math.min(count, Integer.parseInt(argument));
        }
        for (int i = all.size() - count; i < all.size(); i++) {
            out.print(String.format("%5d  %s%n", i + 1, all.get(i).replace("\n", "\n       ")));
        }
    }

    private static Refusal refusal(String code, String text, String cause) {
        return new Refusal(Diagnostic.error(code, new Span(Repl.SOURCE, 1, 1, text.length(), text), cause));
    }
}
