package dev.shootdown.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.driver.Action;
import dev.shootdown.sim.Safety;
import dev.shootdown.sim.Site;
import java.io.IOException;
import java.net.URISyntaxException;
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
import org.junit.jupiter.api.io.TempDir;

/**
 * Every step that is there for safety is missed where it is missing: by the scenario that the records of
 * {@code mutate --promote} beside the scripts say.
 */
class MutationTest {
    private static final Pattern NOTICED = Pattern.compile("noticed {6}(?<manner>\\w+) (?<step>[^:]+): (?<scenario>\\w+), (?<condition>.*)");

    /** What a record says of a mutant that was noticed. */
    private record Noticed(String file, String manner, String step, String scenario, String condition) {
        /** Whether a condition did, and not only the model, which could not go on. */
        boolean byACondition() {
            return !condition.startsWith("no oops");
        }

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
                    noticed.add(new Noticed(file, matcher.group("manner"), matcher.group("step"), matcher.group("scenario"),
                            matcher.group("condition")));
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

    /** The classes of the model that say that they are there for safety. */
    private static List<Class<?>> declared() throws IOException, URISyntaxException, ClassNotFoundException {
        Path root = Path.of(Safety.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<Class<?>> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root.resolve("dev/shootdown"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
                String name = root.relativize(file).toString().replace(file.getFileSystem().getSeparator(), ".");
                Class<?> type = Class.forName(name.substring(0, name.length() - ".class".length()), false, Safety.class.getClassLoader());
                if (type.isAnnotationPresent(Safety.class)) {
                    found.add(type);
                }
            }
        }
        return found;
    }

    @Test
    void everyStepForSafetyIsNoticedBySomeScript() throws IOException, URISyntaxException, ClassNotFoundException {
        List<String> noticed = records().stream().filter(Noticed::byACondition).map(Noticed::step).toList();
        List<String> declared = declared().stream().map(MutationTest::name).sorted().toList();
        assertThat(declared).hasSizeGreaterThan(30);
        assertThat(declared).allSatisfy(step -> assertThat(noticed)
                .anyMatch(text -> text.equals(step) || text.startsWith(step + " ")));
    }

    /** What is done to actions of drivers is one, whosever they are. */
    private static String kind(Noticed noticed) {
        return noticed.step().contains(" of driver ") ? noticed.step().split(" (\\d|with |of driver )")[0] : noticed.step();
    }

    /** For each step of each operation, one mutant and the first script that is said to notice it; a script's at once. */
    @TestFactory
    Stream<DynamicTest> whoIsSaidToNoticeDoes() throws IOException {
        Map<String, Noticed> chosen = new TreeMap<>();
        records().forEach(noticed -> chosen.putIfAbsent(kind(noticed), noticed));
        Map<List<String>, List<Noticed>> runs = new LinkedHashMap<>();
        chosen.values().forEach(noticed -> runs.computeIfAbsent(List.of(noticed.file(), noticed.scenario()), first -> new ArrayList<>()).add(noticed));
        return runs.entrySet().stream().map(run -> DynamicTest.dynamicTest(String.join(" ", run.getKey()), () -> {
            List<String> words = new ArrayList<>(List.of("mutate", run.getKey().get(0), run.getKey().get(1), "--quiet"));
            run.getValue().forEach(noticed -> words.addAll(List.of("--only", noticed.mutant())));
            Ran ran = Ran.call(new byte[0], Main::open, words.toArray(String[]::new));
            assertThat(ran.status()).as(ran.err()).isZero();
            assertThat(ran.out().lines()).satisfies(lines -> run.getValue().forEach(noticed -> assertThat(lines)
                    .anyMatch(line -> line.startsWith("noticed      " + noticed.mutant() + ": " + noticed.scenario() + ", "))));
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

    /** What a function of JavaScript asks for is changed when it asks. */
    @Test
    void driversInJavaScriptAreMutated(@TempDir Path folder) throws IOException {
        Path script = Files.writeString(folder.resolve("careful.js"), """
                const m = machine({ kernel: '6.6', cpus: 2, memory: '1G' })
                const gpu = m.iommu('amd0').device('gpu', { ats: true, pri: true })
                const app = m.process('app')
                const careful = m.driver('careful', { range(r) { this.flushIotlb(r); this.sync(); this.flushAtc(r); this.sync() } })
                m.bind(gpu, app, { driver: careful })
                m.scenario('early')
                  .setup(r => { const buf = r(app.main).mmap('4K', 'rw', { as: 'buf' }); r(app.main).touch(buf, { write: true }); return buf })
                  .race((r, buf) => { r(app.main).munmap(buf); r(gpu).dma.write(buf, { value: 1 }) })
                  .forbid('use_after_free')
                """);
        Ran ran = Ran.call(new byte[0], Main::open, "mutate", script.toString(), "--quiet",
                "--only", "drop flush atc of driver careful on range",
                "--only", "swap flush iotlb with flush atc of driver careful on range",
                "--only", "drop sync 1 of driver careful on range");
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out().lines().map(line -> line.replaceFirst(", \\d+ steps$", ""))).containsExactly(
                "noticed      drop flush atc of driver careful on range: early, forbid use_after_free",
                "noticed      swap flush iotlb with flush atc of driver careful on range: early, forbid use_after_free",
                "not noticed  drop sync 1 of driver careful on range",
                "2 of 3 noticed by " + script);
    }

    @Test
    void aBoundIsSaidToBeNoProof() {
        Ran ran = Ran.call(new byte[0], Main::open, "mutate", "scripts/bugs/cow.mmu", "cow", "--states", "60", "--only",
                "swap CpuFlush.FlushTlbMmRange in WriteFault");
        assertThat(ran.out()).isEqualTo("""
                not noticed  swap CpuFlush.FlushTlbMmRange in WriteFault, stopped at 60 states, not a proof
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
