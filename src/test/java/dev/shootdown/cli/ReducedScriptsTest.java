package dev.shootdown.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.explore.ReplayToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestReporter;

/** The reduction is sound on every script that users are given: with it and without, the same verdicts and ends, and witnesses as short. */
class ReducedScriptsTest {
    /** A scenario with more in a plain search is left out, and said to be. */
    private static final String MOST_STATES = "20000";

    @TestFactory
    Stream<DynamicTest> everyScriptHasTheSameVerdictsWithAndWithoutReduction(TestReporter reporter) throws IOException {
        List<Path> scripts;
        try (Stream<Path> files = Files.walk(Path.of("scripts"))) {
            scripts = files.filter(ReducedScriptsTest::explores).sorted().toList();
        }
        assertThat(scripts).isNotEmpty();
        return scripts.stream().map(script -> DynamicTest.dynamicTest(script.toString(), () -> compare(script, reporter)));
    }

    private static boolean explores(Path file) {
        try {
            return file.toString().endsWith(".mmu") && Files.readString(file).lines().anyMatch(line -> line.matches("\\s*scenario .*"));
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    private static void compare(Path script, TestReporter reporter) {
        List<String> plain = verdicts(script, "--plain");
        List<String> reduced = verdicts(script);
        assertThat(reduced).hasSameSizeAs(plain).isNotEmpty();
        List<String> cut = new ArrayList<>();
        for (int i = 0; i < plain.size(); i++) {
            if (plain.get(i).contains("\"complete\":true")) {
                assertThat(told(reduced.get(i))).isEqualTo(told(plain.get(i)));
            } else {
                cut.add(field(plain.get(i), "scenario"));
            }
        }
        if (!cut.isEmpty()) {
            reporter.publishEntry("not compared, more than " + MOST_STATES + " states", script + ": " + cut.stream().distinct().toList());
        }
    }

    private static List<String> verdicts(Path script, String... more) {
        List<String> words = new ArrayList<>(List.of("explore", script.toString(), "--quiet", "--json", "--states", MOST_STATES));
        words.addAll(List.of(more));
        Ran ran = Ran.call(new byte[0], Main::open, words.toArray(String[]::new));
        assertThat(ran.status()).as(ran.out()).isIn(0, 1, 3);
        return ran.out().lines().filter(line -> line.contains("\"event\":\"verdict\"")).toList();
    }

    /** What both searches have to agree on: not how many states they took, and of a witness only its length. */
    private static String told(String verdict) {
        String token = field(verdict, "witness");
        String steps = token.isEmpty() ? "" : " in " + ReplayToken.parse(ofTheRace(token)).choices().size() + " steps";
        return verdict.replaceAll("\"(states|transitions|seconds|collisions|bytes)\":[0-9.eE+-]+,?|\"witness\":\"[^\"]*\"", "") + steps;
    }

    /** Behind the race's choices stand those of the setup. */
    private static String ofTheRace(String token) {
        return String.join(".", Arrays.stream(token.split("\\.")).limit(2).toList());
    }

    private static String field(String object, String name) {
        return object.contains('"' + name + "\":\"") ? object.replaceAll(".*\"" + name + "\":\"([^\"]*)\".*", "$1") : "";
    }
}
