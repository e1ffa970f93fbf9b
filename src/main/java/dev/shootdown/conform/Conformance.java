package dev.shootdown.conform;

import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Finds recordings, and does each of them again. */
public final class Conformance {
    private static final List<String> ENDINGS = List.of(".jsonl", ".jsonl.gz", ".strace", ".strace.gz");
    /** What stands beside a program's calls: no recording by itself. */
    private static final String LAYOUTS = ".maps.jsonl";

    private Conformance() {}

    /**
     * The recordings that a path stands for: itself, or those in a folder, however deep, in the order of their names.
     *
     * @throws Refusal if there is no such path, or none of these in the folder, or it is no recording by its name
     */
    public static List<Path> in(String name) {
        Path path = TextFile.path(name);
        if (!Files.isDirectory(path)) {
            if (!recording(path)) {
                TextFile.check(path);
                throw new Refusal(Diagnostic.error("no-recording", Span.whole(name), "this is no recording by its name")
                        .hint("its name ends with .jsonl or .strace, and may have .gz behind that"));
            }
            return List.of(path);
        }
        try (Stream<Path> files = Files.walk(path)) {
            List<Path> found = files.filter(file -> Files.isRegularFile(file) && recording(file)).sorted().toList();
            if (found.isEmpty()) {
                throw new Refusal(Diagnostic.error("no-recordings", Span.whole(name), "there is no recording in this folder"));
            }
            return found;
        } catch (IOException | UncheckedIOException unreadable) {
            throw new Refusal(Diagnostic.error("unreadable-file", Span.whole(name), "the folder cannot be read"));
        }
    }

    private static boolean recording(Path path) {
        String name = path.toString();
        return ENDINGS.stream().anyMatch(name::endsWith) && !name.endsWith(LAYOUTS) && !name.endsWith(LAYOUTS + TextFile.PACKED);
    }

    /**
     * Does a recording again.
     *
     * @return what differs; nothing if all agrees
     * @throws Refusal if it cannot be read
     */
    public static List<Difference> check(Path file) {
        String name = file.getFileName().toString();
        if (!name.endsWith(".strace") && !name.endsWith(".strace.gz")) {
            return Replay.of(file);
        }
        ProgramReplay replay = new ProgramReplay(file);
        if (!replay.laidOut()) {
            throw new Refusal(Diagnostic.error("no-layouts", Span.whole(file.toString()), "there are no layouts beside these calls to compare with")
                    .hint("they stand in a file whose name ends with .maps.jsonl or .maps.jsonl.gz instead of .strace"));
        }
        replay.run();
        return replay.differences();
    }
}
