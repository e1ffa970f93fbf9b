package dev.shootdown.lang;

import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a file must be to be a script: text in UTF-8, of a size that a memory holds. Its lines end with a newline, however they ended. */
public final class ScriptFile {
    private static final int LONGEST = 64 << 20;
    private static final char BYTE_ORDER_MARK = '\ufeff';

    private ScriptFile() {}

    /**
     * A file's text.
     *
     * @param name what it is called
     * @throws Refusal what it holds instead of a script
     */
    public static String read(String name, Path path) throws IOException {
        if (Files.isDirectory(path)) {
            throw new Refusal(Diagnostic.error("is-a-directory", Span.whole(name), "this is a directory, not a script")
                    .hint("'shootdown test' takes directories"));
        }
        try (InputStream in = Files.newInputStream(path)) {
            return read(name, in);
        }
    }

    /** The text that comes in. */
    public static String read(String name, InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(LONGEST + 1);
        if (bytes.length > LONGEST) {
            throw new Refusal(Diagnostic.error("too-large", Span.whole(name), "this is more than " + (LONGEST >> 20) + "M of text"));
        }
        return decode(name, bytes);
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
}
