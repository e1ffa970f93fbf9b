package dev.shootdown.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.shootdown.driver.Action;
import dev.shootdown.sim.Safety;
import dev.shootdown.sim.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every step that is there for safety is missed where it is missing: by the scenario that the records of
 * {@code mutate --promote} beside the scripts say.
 */
class MutationTest {
    private static final Pattern NOTICED = Pattern.compile("noticed {6}(?<manner>\\w+) (?<step>[^:]+): (?<scenario>\\w+), (?<condition>.*)");
    private static final Pattern STEPS = Pattern.compile(", \\d+ steps?$", Pattern.MULTILINE);

    /** What a record says of a mutant that was noticed. */
    private record Noticed(String file, String line, String manner, String step, String scenario) {
        String mutant() {
            return manner + " " + step;
        }
    }

    private static List<Noticed> records() throws IOException {
        List<Path> records;
        try (Stream<Path> files = Files.walk(Path.of("scripts"))) {
            records = files.filter(file -> file.toString().endsWith(".mutants")).sorted().toList();
        }
        List<Noticed> noticed = new ArrayList<>();
        for (Path record : records) {
            String file = record.toString().substring(0, record.toString().length() - ".mutants".length());
            for (String line : Files.readAllLines(record)) {
                Matcher matcher = NOTICED.matcher(line);
                if (matcher.matches()) {
                    noticed.add(new Noticed(file, line, matcher.group("manner"), matcher.group("step"), matcher.group("scenario")));
                }
            }
        }
        return noticed;
    }

    /** As a mutant's name calls the step that a class is, or the action. */
    private static String name(Class<?> type) {
        if (Action.class.isAssignableFrom(type)) {
            return type.getSimpleName().replaceAll("(?<=.)([A-Z])", " $1").toLowerCase(Locale.ROOT);
        }
        return Site.name(type);
    }

    @Test
    void everyStepForSafetyIsNoticedBySomeScript() throws IOException {
        List<String> noticed = records().stream().map(Noticed::step).toList();
        List<String> declared = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.shootdown")
                .stream().filter(type -> type.isAnnotatedWith(Safety.class)).map(JavaClass::reflect).map(MutationTest::name).sorted().toList();
        assertThat(declared).hasSizeGreaterThan(30);
        assertThat(declared).allSatisfy(step -> assertThat(noticed)
                .anyMatch(text -> text.equals(step) || text.startsWith(step + " ")));
    }

    /** For each step of each operation, one mutant and the first script that is said to notice it; a script's at once. */
    @TestFactory
    Stream<DynamicTest> whoIsSaidToNoticeDoes() throws IOException {
        Map<String, Noticed> chosen = new TreeMap<>();
        records().forEach(noticed -> chosen.putIfAbsent(noticed.step(), noticed));
        Map<List<String>, List<Noticed>> runs = new LinkedHashMap<>();
        chosen.values().forEach(noticed -> runs.computeIfAbsent(List.of(noticed.file(), noticed.scenario()), first -> new ArrayList<>()).add(noticed));
        return runs.entrySet().stream().map(run -> DynamicTest.dynamicTest(String.join(" ", run.getKey()), () -> {
            List<String> words = new ArrayList<>(List.of("mutate", run.getKey().get(0), run.getKey().get(1), "--quiet"));
            run.getValue().forEach(noticed -> words.addAll(List.of("--only", noticed.mutant())));
            Ran ran = Ran.call(new byte[0], Main::open, words.toArray(String[]::new));
            assertThat(ran.status()).as(ran.err()).isZero();
            assertThat(STEPS.matcher(ran.out()).replaceAll("").lines()).containsAll(run.getValue().stream().map(Noticed::line).toList());
        }));
    }

    /** The four that every model of the race knows: each by its name. */
    @Test
    void theMutantsOfTheAbstractRaceAreFound() {
        Ran ran = Ran.call(new byte[0], Main::open, "mutate", "scripts/bugs/abstract-race.mmu", "--json",
                "--only", "swap flush iotlb 1 with flush atc 1 of driver sva on range",
                "--only", "drop sync 2 of driver sva on range",
                "--only", "hurry amd.Complete in Serve",
                "--only", "hurry FillAtc in Answered");
        assertThat(ran.out().lines().filter(line -> line.contains("\"event\":\"mutant\""))).hasSize(4).allMatch(line -> line.contains("\"noticed\":true")
                && line.contains("\"scenario\":\"range\",\"condition\":\"forbid use_after_free\"") && line.contains("\"witness\":\"sd1."));
        assertThat(ran.out()).contains("4 of 4 noticed by scripts/bugs/abstract-race.mmu");
    }

    @Test
    void aBoundIsSaidToBeNoProof() {
        Ran ran = Ran.call(new byte[0], Main::open, "mutate", "scripts/bugs/cow.mmu", "cow", "--states", "5", "--only", "drop AwaitShootdown in CpuFlush");
        assertThat(ran.out()).isEqualTo("""
                not noticed  drop AwaitShootdown in CpuFlush, stopped at 5 states, not a proof
                0 of 1 noticed by scripts/bugs/cow.mmu
                """);
        assertThat(ran.status()).isZero();
    }

    @Test
    void whatHasNoMutantsOfThatNameSaysSo() {
        Ran ran = Ran.call(new byte[0], Main::open, "mutate", "scripts/bugs/cow.mmu", "cow", "--only", "drop AwaitShootdwn in CpuFlush");
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.err()).contains("[unknown-mutant]").contains("drop AwaitShootdown in CpuFlush");
        assertThat(Ran.call(new byte[0], Main::open, "mutate", "scripts/bugs/cow.mmu", "cwo").err()).contains("[unknown-scenario]").contains("cow");
    }

    /** A model that breaks down has noticed; nobody sees a stack trace. */
    @Test
    void aKernelThatCrashesIsNoticed() {
        Ran ran = Ran.call(new byte[0], Main::open, "mutate", "scripts/bugs/munmap-fault.mmu", "fresh", "--only", "drop MmapLock.Write in Munmap");
        assertThat(ran.out()).startsWith("noticed      drop MmapLock.Write in Munmap: fresh, no oops");
        assertThat(ran.err()).isEmpty();
    }
}
