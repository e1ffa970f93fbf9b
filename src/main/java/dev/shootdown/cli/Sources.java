package dev.shootdown.cli;

import dev.shootdown.lang.ScriptFile;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import dev.shootdown.vocabulary.Suggestion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the texts that the command line names. Whatever is wrong with one is a {@link Refusal}. */
final class Sources {
    /** The name of standard input. */
    static final String STANDARD_INPUT = "-";

    private Sources() {}

    /** A file's text, or that of standard input. Its lines end with a newline, however they ended. */
    static String read(String name, InputStream in) {
        return check(name, name.equals(STANDARD_INPUT) ? input(in) : file(name));
    }

    /** A text that was given as it is. */
    static String check(String name, String text) {
        if (text.isBlank()) {
            throw new Refusal(Diagnostic.error("empty-file", Span.whole(name), "there is nothing in it")
                    .hint("'shootdown --help' shows what a script may be"));
        }
        return text;
    }

    static Path path(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException bad) {
            throw refusal("no-file", name, "this cannot be the name of a file");
        }
    }

    private static String input(InputStream in) {
        try {
            return ScriptFile.read(STANDARD_INPUT, in);
        } catch (IOException failure) {
            throw refusal("unreadable-file", STANDARD_INPUT, "standard input cannot be read");
        }
    }

    private static String file(String name) {
        Path path = path(name);
        try {
            return ScriptFile.read(name, path);
        } catch (NoSuchFileException missing) {
            throw new Refusal(Diagnostic.error("no-file", Span.whole(name), "there is no such file").didYouMean(neighbours(path)));
        } catch (AccessDeniedException denied) {
            throw refusal("unreadable-file", name, "the file may not be read");
        } catch (IOException failure) {
            throw refusal("unreadable-file", name, "the file cannot be read: " + failure.getMessage());
        }
    }

    /** Scripts beside a missing one, and commands, that have nearly its name. */
    private static List<String> neighbours(Path missing) {
        Path folder = missing.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<String> names = files.map(file -> file.getFileName().toString()).filter(Script::is).collect(Collectors.toCollection(ArrayList::new));
            names.addAll(Shootdown.COMMANDS);
            return Suggestion.nearest(missing.getFileName().toString(), names);
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    private static Refusal refusal(String code, String name, String cause) {
        return new Refusal(Diagnostic.error(code, Span.whole(name), cause));
    }
}
