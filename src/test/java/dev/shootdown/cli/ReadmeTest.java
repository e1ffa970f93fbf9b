package dev.shootdown.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The README's transcripts are what its commands print, and its list of gaps is the list of disabled tests. */
class ReadmeTest {
    private static final String PROMPT = "$ scripts/shootdown ";

    /** A command with the standard output that the README shows for it. */
    private record Transcript(String command, String output) {}

    @TestFactory
    Stream<DynamicTest> everyTranscriptIsTrue() throws IOException {
        List<Transcript> transcripts = transcripts(Files.readAllLines(Path.of("README.md")));
        assertThat(transcripts).isNotEmpty();
        return transcripts.stream().map(shown -> DynamicTest.dynamicTest(shown.command, () -> {
            Ran ran = Ran.call(new byte[0], Main::open, shown.command.split(" "));
            assertThat(ran.out().stripTrailing()).isEqualTo(shown.output);
            assertThat(ran.status()).isZero();
        }));
    }

    /** A block fenced as {@code console}: one command, then what it prints. */
    private static List<Transcript> transcripts(List<String> lines) {
        List<Transcript> found = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).equals("```console") && lines.get(i + 1).startsWith(PROMPT)) {
                int end = i + lines.subList(i, lines.size()).indexOf("```");
                found.add(new Transcript(lines.get(i + 1).substring(PROMPT.length()), String.join("\n", lines.subList(i + 2, end))));
            }
        }
        return found;
    }

    @Test
    void everyGapHasItsDisabledTest() throws IOException {
        List<String> readme = Files.readAllLines(Path.of("README.md"));
        List<String> listed = readme.subList(readme.indexOf("## What is not modelled"), readme.indexOf("## Measuring")).stream()
                .filter(line -> line.startsWith("- "))
                .map(line -> line.substring(2))
                .toList();
        List<String> disabled = Arrays.stream(NotModelledTest.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Disabled.class))
                .map(method -> method.getAnnotation(Disabled.class).value())
                .toList();
        assertThat(listed).isNotEmpty().containsExactlyInAnyOrderElementsOf(disabled);
    }
}
