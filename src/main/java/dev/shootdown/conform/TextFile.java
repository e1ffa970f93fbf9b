package dev.shootdown.conform;

import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import dev.shootdown.vocabulary.Suggestion;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Reads text, plain or packed by gzip. Whatever is wrong with a file is a {@link Refusal}. */
final class TextFile {
    /** The end of a packed file's name. */
    static final String PACKED = ".gz";

    private static final int LONGEST = 256 << 20;

    private TextFile() {}

    static Path path(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException bad) {
            throw refusal("no-file", name, "this cannot be the name of a file");
        }
    }

    /** A file's lines, without their ends; an end behind the last one is no line of its own. */
    static List<String> lines(Path file) {
        String name = file.toString();
        byte[] bytes;
        try (InputStream plain = Files.newInputStream(file); InputStream in = name.endsWith(PACKED) ? new GZIPInputStream(plain) : plain) {
            bytes = in.readNBytes(LONGEST + 1);
        } catch (NoSuchFileException absent) {
            throw missing(file);
        } catch (AccessDeniedException denied) {
            throw refusal("unreadable-file", name, "the file may not be read");
        } catch (ZipException | EOFException broken) {
            throw new Refusal(Diagnostic.error("broken-gzip", Span.whole(name), "the file is not what gzip packs, or it is cut off")
                    .hint("'gzip --test' says where"));
        } catch (IOException failure) {
            throw refusal("unreadable-file", name, "the file cannot be read: " + failure.getMessage());
        }
        if (bytes.length > LONGEST) {
            throw refusal("too-large", name, "this is more than " + (LONGEST >> 20) + "M of text");
        }
        return decode(name, bytes).lines().toList();
    }

    /** @throws Refusal if there is no such file */
    static void check(Path file) {
        if (!Files.exists(file)) {
            throw missing(file);
        }
    }

    private static Refusal missing(Path file) {
        return new Refusal(Diagnostic.error("no-file", Span.whole(file.toString()), "there is no such file").didYouMean(neighbours(file)));
    }

    private static String decode(String name, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException bad) {
            throw refusal("not-utf-8", name, "this is no text in UTF-8");
        }
    }

    private static List<String> neighbours(Path missing) {
        Path folder = missing.toAbsolutePath().getParent();
        if (folder == null || missing.getFileName() == null || !Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return Suggestion.nearest(missing.getFileName().toString(), files.map(file -> file.getFileName().toString()).toList());
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    private static Refusal refusal(String code, String name, String cause) {
        return new Refusal(Diagnostic.error(code, Span.whole(name), cause));
    }
}
