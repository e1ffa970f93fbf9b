package dev.shootdown.cli;

import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import dev.shootdown.vocabulary.Suggestion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
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

    private static final int LONGEST = 64 << 20;
    private static final char BYTE_ORDER_MARK = '\ufeff';

    private Sources() {}

    /** A file's text, or that of standard input. Its lines end with a newline, however they ended. */
    static String read(String name, InputStream in) {
        byte[] bytes = name.equals(STANDARD_INPUT) ? input(in) : file(name);
        if (bytes.length > LONGEST) {
            throw refusal("too-large", name, "this is more than " + (LONGEST >> 20) + "M of text");
        }
        return check(name, decode(name, bytes));
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

    private static byte[] input(InputStream in) {
        try {
            return in.readNBytes(LONGEST + 1);
        } catch (IOException failure) {
            throw refusal("unreadable-file", STANDARD_INPUT, "standard input cannot be read");
        }
    }

    private static byte[] file(String name) {
        Path path = path(name);
        if (Files.isDirectory(path)) {
            throw new Refusal(Diagnostic.error("is-a-directory", Span.whole(name), "this is a directory, not a script")
                    .hint("'shootdown test' takes directories"));
        }
        try (InputStream in = Files.newInputStream(path)) {
            return in.readNBytes(LONGEST + 1);
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

    private static String decode(String name, byte[] bytes) {
        for (byte b : bytes) {
            if (b == 0) {
                throw new Refusal(Diagnostic.error("binary-file", Span.whole(name), "this is no text: it holds a byte of zero")
                        .hint("a script is text in UTF-8"));
            }
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer input = ByteBuffer.wrap(bytes);
        try {
            String text = decoder.decode(input).toString().replace("\r\n", "\n");
            return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
        } catch (CharacterCodingException bad) {
            throw new Refusal(Diagnostic.error("not-utf-8", place(name, bytes, input.position()), "this is no text in UTF-8")
                    .hint("save it as UTF-8"));
        }
    }

    /** The place of the first byte that is wrong. */
    private static Span place(String name, byte[] bytes, int at) {
        int line = 1;
        int start = 0;
        for (int i = 0; i < at; i++) {
            if (bytes[i] == '\n') {
                line++;
                start = i + 1;
            }
        }
        int end = at;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        int column = new String(bytes, start, at - start, StandardCharsets.UTF_8).length() + 1;
        return new Span(name, line, column, 1, new String(bytes, start, end - start, StandardCharsets.UTF_8));
    }

    private static Refusal refusal(String code, String name, String cause) {
        return new Refusal(Diagnostic.error(code, Span.whole(name), cause));
    }
}
