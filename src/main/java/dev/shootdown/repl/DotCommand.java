package dev.shootdown.repl;

import dev.shootdown.vocabulary.Parameter;
import dev.shootdown.vocabulary.Word;
import java.util.Arrays;
import java.util.List;

/** The prompt's own commands: they talk about the tool, never about the machine. */
enum DotCommand {
    HELP(word("help", "Lists these commands.")),
    MODE(word("mode", "Says, or sets, how events are shown.").takes(mode())),
    LAST(word("last", "Shows again what came of the last statement, in another mode if one is named.").takes(mode())),
    OUTPUT(word("output", "Sends what is shown to a file; without one, back to the terminal.").takes(file().optional())),
    ONCE(word("once", "Sends what comes of the next statement to a file.").takes(file())),
    SAVE(word("save", "Writes the statements that went well to a file: a script.").takes(file())),
    LOAD(word("load", "Runs a file's statements on the machine that stands.").takes(file())),
    HISTORY(word("history", "Lists what was typed; the last N of it.").takes(Parameter.place("N", Parameter.Kind.NUMBER, "How many.").optional())),
    QUIT(word("quit", "Leaves, as Ctrl-D does.").aliases(".exit"));

    private final Word word;

    DotCommand(Word word) {
        this.word = word;
    }

    private static Word word(String name, String help) {
        return Word.of(Word.Sort.COMMAND, "." + name, help);
    }

    private static Parameter mode() {
        return Parameter.place("MODE", Parameter.Kind.WORD, "The mode.").of(Mode.words().toArray(String[]::new)).optional();
    }

    private static Parameter file() {
        return Parameter.place("FILE", Parameter.Kind.STRING, "The file's name, to the end of the line.");
    }

    Word word() {
        return word;
    }

    /** The command that is written so, or null. */
    static DotCommand of(String written) {
        return Arrays.stream(values()).filter(command -> command.word.answersTo(written)).findFirst().orElse(null);
    }

    static List<String> names() {
        return Arrays.stream(values()).map(command -> command.word.name()).toList();
    }

    /** As help shows it: {@code .mode [MODE]}. */
    String usage() {
        StringBuilder out = new StringBuilder(word.name());
        for (Parameter parameter : word.parameters()) {
            out.append(' ').append(parameter.needed() ? parameter.name() : "[" + parameter.name() + "]");
        }
        return out.toString();
    }
}
