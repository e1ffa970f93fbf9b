package dev.shootdown.lang;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** All scripts there are: the tests' own, the golden scenarios, and those that users run. */
final class Corpus {
    private Corpus() {}

    static List<Path> scripts() {
        return Stream.of(Path.of("src/test/resources"), Path.of("scripts"))
                .filter(Files::isDirectory)
                .flatMap(Corpus::under)
                .filter(path -> path.toString().endsWith(".mmu"))
                .sorted()
                .toList();
    }

    static String read(Path script) {
        try {
            return Files.readString(script);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Stream<Path> under(Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.toList().stream();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
