package dev.shootdown.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Broken scripts: those of the corpus with words deleted, doubled, swapped, cut off or made extreme, and soups of their
 * words. Whatever comes of one is a status that the language has a meaning for, said without a trace of Java.
 */
class FuzzTest {
    private static final long SEED = 20_140_721;
    private static final int SCRIPTS = 500;
    private static final List<String> EXTREMES = List.of("0", "1", "3p", "63", "64", "65", "4097", "1000000", "-1", "1T", "0x8000000000000000",
            "0xffffffffffffffff", "18446744073709551616", "999999999999999999999999", "5ms");
    private static final Pattern WORD = Pattern.compile("\"[^\"\n]*\"|[A-Za-z_][A-Za-z_0-9]*|[0-9][0-9A-Za-z_]*|\\.\\.|\\s+|.", Pattern.DOTALL);

    private final Random random = new Random(SEED);

    @Test
    void noBrokenScriptMakesShootdownFail() throws IOException {
        List<List<String>> scripts = rows();
        List<String> words = scripts.stream().flatMap(List::stream).distinct().sorted().toList();
        for (int i = 0; i < SCRIPTS; i++) {
            holds(i % 3 == 0 ? soup(words) : mutant(scripts.get(random.nextInt(scripts.size())), words), i % 2 == 0 ? "-" : "--json");
        }
    }

    /** How many broken copies of the scripts that users are given; more by a property, others by {@code -Dfuzz.seed}. */
    private static final int COPIES = Integer.getInteger("fuzz.copies", 50);
    private static final Pattern DIAGNOSTIC = Pattern.compile("(?m)^[^\\s:]+:[0-9]+:[0-9]+: error: [^\n]+ \\[[a-z-]+]\n[^\n]+\n +\\^+");

    /** The scripts that users are given, with bytes and words broken: each ends in time, and what is wrong with it is said with its place. */
    @Test
    void noBrokenCopyOfAScriptMakesShootdownFail() throws IOException {
        List<String> scripts = given();
        List<String> words = scripts.stream().flatMap(script -> WORD.matcher(script).results()).map(found -> found.group()).distinct().sorted().toList();
        long seed = Long.getLong("fuzz.seed", SEED);
        for (int i = 0; i < COPIES; i++) {
            random.setSeed(seed + i);
            String script = scripts.get(random.nextInt(scripts.size()));
            String text = random.nextInt(3) == 0 ? bytes(script) : mutant(WORD.matcher(script).results().map(found -> found.group()).toList(), words);
            assertTimeoutPreemptively(Duration.ofSeconds(60), () -> endsInTime(text), () -> text);
        }
    }

    private static List<String> given() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("scripts"))) {
            List<Path> paths = files.filter(file -> file.toString().endsWith(".mmu")).sorted().toList();
            List<String> scripts = new ArrayList<>();
            for (Path path : paths) {
                scripts.add(Files.readString(path).replaceAll("(?m)^explore (\\w+).*$", "run $1 seed=7\nexplore $1 states=50"));
            }
            return scripts;
        }
    }

    /** Letters lost, doubled, turned into others, some of which are none of the language's. */
    private String bytes(String script) {
        StringBuilder text = new StringBuilder(script);
        for (int i = random.nextInt(4); i >= 0; i--) {
            int place = random.nextInt(text.length());
            switch (random.nextInt(4)) {
                case 0 -> text.deleteCharAt(place);
                case 1 -> text.insert(place, text.charAt(place));
                case 2 -> text.setCharAt(place, (char) (random.nextInt(95) + 32));
                default -> text.setCharAt(place, "\0\t\r\u00e9\u2028\ud83d\uffff`\"{}[]#\\".charAt(random.nextInt(15)));
            }
        }
        return text.toString();
    }

    /** A search that would take long is broken off, as by Ctrl-C. */
    private static void endsInTime(String text) {
        long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        Ran ran = Ran.call(Ran.bytes(text), Main::open, () -> System.nanoTime() > end, "--quiet", "-");
        boolean late = System.nanoTime() > end;
        assertThat(ran.status()).as(text).isIn(late ? List.of(0, 1, 2, 3, 130) : List.of(0, 1, 2, 3));
        assertThat(ran.out() + ran.err()).as(text).doesNotContain("\tat ", "java.", "Exception");
        if (ran.status() == 2 && !ran.err().contains("[binary-file]") && !ran.err().contains("[empty-file]")) {
            assertThat(ran.err()).as(text).containsPattern(DIAGNOSTIC);
        }
    }

    /** With {@code -} a script; without, statements at the prompt. */
    private static void holds(String text, String way) {
        Ran ran = Ran.call(Ran.bytes(text), Main::open, "--quiet", way);
        assertThat(ran.status()).as(text).isIn(0, 1, 2, 3);
        assertThat(ran.out() + ran.err()).as(text).doesNotContain("\tat ", "java.", "Exception");
    }

    /** The small scripts of the table of bad inputs; those with a search in them have their own tests. */
    private static List<List<String>> rows() throws IOException {
        String table = Files.readString(Path.of("src/test/resources/diagnostics/bad-input.txt"));
        return Stream.of(table.split("(?m)^====\n"))
                .map(row -> row.split("(?m)^---- ")[0])
                .filter(script -> !script.contains("explore"))
                .map(script -> WORD.matcher(script).results().map(found -> found.group()).toList())
                .filter(found -> !found.isEmpty())
                .toList();
    }

    private String soup(List<String> words) {
        StringBuilder text = new StringBuilder("process app\nlet buf = app.main: mmap 16K rw\n");
        for (int i = random.nextInt(20); i >= 0; i--) {
            text.append(words.get(random.nextInt(words.size()))).append(random.nextInt(6) == 0 ? '\n' : ' ');
        }
        return text.toString();
    }

    private String mutant(List<String> script, List<String> words) {
        List<String> mutant = new ArrayList<>(script);
        for (int i = random.nextInt(3); i >= 0 && !mutant.isEmpty(); i--) {
            int place = random.nextInt(mutant.size());
            switch (random.nextInt(6)) {
                case 0 -> mutant.remove(place);
                case 1 -> mutant.add(place, mutant.get(place));
                case 2 -> Collections.swap(mutant, place, random.nextInt(mutant.size()));
                case 3 -> mutant.subList(place, mutant.size()).clear();
                case 4 -> mutant.set(place, words.get(random.nextInt(words.size())));
                default -> extreme(mutant);
            }
        }
        return String.join("", mutant);
    }

    private void extreme(List<String> mutant) {
        for (int i = 0; i < mutant.size(); i++) {
            if (Character.isDigit(mutant.get(i).charAt(0)) && random.nextBoolean()) {
                mutant.set(i, EXTREMES.get(random.nextInt(EXTREMES.size())));
            }
        }
    }
}
