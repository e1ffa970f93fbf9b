package dev.shootdown.conform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The memory calls of real programs, done again: each process ends with the layout that it had. */
class ProgramsTest {
    private static final Path FOLDER = Path.of("src/test/resources/recordings/linux-6.18/programs");

    @TempDir
    private Path folder;

    static List<String> programs() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".strace.gz")).sorted().toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @ParameterizedTest
    @MethodSource("programs")
    void agrees(String name) {
        assertThat(Conformance.check(FOLDER.resolve(name))).isEmpty();
    }

    /** A call that is left out shows in the layout. */
    @Test
    void aMissingCallIsNoticed() throws IOException {
        List<String> lines = TextFile.lines(FOLDER.resolve("xz-T2.strace.gz"));
        Files.copy(FOLDER.resolve("xz-T2.maps.jsonl.gz"), folder.resolve("xz.maps.jsonl.gz"));
        Path file = folder.resolve("xz.strace");
        Files.write(file, lines);
        assertThat(Conformance.check(file)).isEmpty();
        Files.write(file, lines.stream().filter(line -> !line.contains("munmap(0x7f2a38000000")).toList());
        assertThat(Conformance.check(file)).hasSize(1).first().hasToString(file + ":90 level 1: expected 7f2a34021000-7f2a38000000 ---p anonymous"
                + " found 7f2a34021000-7f2a38190000 ---p anonymous");
    }
}
