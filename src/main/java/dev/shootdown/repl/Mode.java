package dev.shootdown.repl;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The ways to show what comes of a statement. */
enum Mode {
    /** A line an event. */
    TEXT,
    /** A table with a column an actor, changes only. */
    TABLE,
    /** The same with nothing left out. */
    FULL,
    /** An object a line. */
    JSON,
    /** What is printed, verdicts and diagnostics only. */
    QUIET;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The mode of this name, or null. */
    static Mode of(String word) {
        return Arrays.stream(values()).filter(mode -> mode.word().equals(word)).findFirst().orElse(null);
    }

    static List<String> words() {
        return Arrays.stream(values()).map(Mode::word).toList();
    }
}
