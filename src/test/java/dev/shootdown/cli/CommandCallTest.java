package dev.shootdown.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.lang.Status;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandCallTest {
    @TempDir
    private Path folder;

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @Test
    void filesRunInTurnEachOnAFreshMachine() throws IOException {
        Ran ran = Ran.call(file("a.mmu", "say one\nsay two\n"), file("b.mmu", "say three\n"));
        assertThat(ran).isEqualTo(new Ran(0, "1: one\n2: two\n1: three\n", ""));
    }

    @Test
    void statementsStandOnTheCommandLineToo() {
        assertThat(Ran.call("-e", "say a", "-e", "say b").out()).isEqualTo("1: a\n2: b\n");
        assertThat(Ran.call("--color=never", "-e", "say a").out()).isEqualTo("1: a\n");
    }

    @Test
    void standardInputIsAFileToo() {
        assertThat(Ran.call(Ran.bytes("say hello\r\nsay you\r\n"), Words::open, "-").out()).isEqualTo("1: hello\n2: you\n");
    }

    @Test
    void aFileThatCannotRunDoesNotKeepTheOthersFromIt() throws IOException {
        Ran ran = Ran.call(folder.resolve("none.mmu").toString(), file("b.mmu", "say b\n"));
        assertThat(ran.out()).isEqualTo("1: b\n");
        assertThat(ran.status()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"say x, 0", "fail, 1", "refuse, 2", "bound, 3", "break, 70", "overflow, 70", "exhaust, 3"})
    void whatHappensSaysTheStatus(String line, int status) {
        assertThat(Ran.call("-e", line).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"'fail\nbound', 1", "'bound\nfail', 1"})
    void theWeightierStatusWins(String lines, int status) {
        assertThat(Ran.call("-e", lines).status()).isEqualTo(status);
    }

    @Test
    void statusesWeighAsTheReferenceSays() {
        List<Status> byWeight = List.of(Status.BUG, Status.REFUSED, Status.FAILED, Status.BOUND, Status.HELD);
        for (int i = 0; i < byWeight.size(); i++) {
            for (int j = i; j < byWeight.size(); j++) {
                assertThat(byWeight.get(i).and(byWeight.get(j))).isEqualTo(byWeight.get(i));
                assertThat(byWeight.get(j).and(byWeight.get(i))).isEqualTo(byWeight.get(i));
            }
        }
    }

    @Test
    void aFaultOfItsOwnIsOneSentenceAndATraceOnlyOnDemand() {
        Ran ran = Ran.call("-e", "break");
        assertThat(ran.err()).isEqualTo("""
                -e: bug: Shootdown failed: IllegalStateException: no word break [bug]
                  hint: please report it with the script and what --debug shows
                """);
        assertThat(Ran.call("-e", "break", "--debug").err()).contains("\tat dev.shootdown.cli.Words");
    }

    // ---------------------------------------------------------------- files that are none

    @Test
    void whatIsWrongWithAFileIsOneDiagnosticAndStatus2() throws IOException {
        assertThat(codes(folder.toString())).isEqualTo("is-a-directory");
        assertThat(codes(folder.resolve("none.mmu").toString())).isEqualTo("no-file");
        assertThat(codes(file("empty.mmu", ""))).isEqualTo("empty-file");
        assertThat(codes(file("blank.mmu", " \n\t\n"))).isEqualTo("empty-file");
        assertThat(codes("a\0b")).isEqualTo("no-file");
        Files.write(folder.resolve("binary"), new byte[] {0x7f, 'E', 'L', 'F', 0, 1});
        assertThat(codes(folder.resolve("binary").toString())).isEqualTo("binary-file");
        Files.write(folder.resolve("latin"), "say x\nsay caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(codes(folder.resolve("latin").toString())).isEqualTo("not-utf-8");
        assertThat(Ran.call(folder.resolve("latin").toString()).err()).contains("latin:2:8: error: ");
    }

    private static String codes(String name) {
        Ran ran = Ran.call("--json", name);
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out().lines()).hasSize(1);
        return ran.out().replaceAll(".*\"code\":\"([^\"]*)\".*\n", "$1");
    }

    @Test
    void aFileWithNearlyThatNameIsSuggested() throws IOException {
        file("too-early.mmu", "say x");
        assertThat(Ran.call(folder.resolve("to-early.mmu").toString()).err()).contains("did you mean: too-early.mmu?");
    }

    @Test
    void aCommandWithNearlyThatNameIsSuggested() {
        assertThat(Ran.call("exlpore", "x.mmu").err()).contains("did you mean: explore?");
    }

    @Test
    void aByteOrderMarkIsNoText() throws IOException {
        assertThat(Ran.call(file("bom.mmu", "\ufeffsay x")).out()).isEqualTo("1: x\n");
    }

    /** Whatever bytes a file holds, what is said of it is no stack trace, and the status is one of the pinned ones. */
    @RepeatedTest(50)
    void noBytesBreakIt(RepetitionInfo repetition) throws IOException {
        Random random = new Random(repetition.getCurrentRepetition());
        byte[] bytes = new byte[random.nextInt(400)];
        random.nextBytes(bytes);
        Files.write(folder.resolve("random"), bytes);
        Ran ran = Ran.call(folder.resolve("random").toString());
        assertThat(ran.err()).doesNotContain("\tat ");
        assertThat(ran.status()).isIn(0, 1, 2, 3, 70);
    }

    // ---------------------------------------------------------------- usage

    @ParameterizedTest
    @ValueSource(strings = {"--jsn", "explore", "explore --states=0 x", "explore --time=soon x", "explore --preempt=-1 x", "--color=red x", "--json=3 x", "explore --seed=x x", "test",
            "fmt", "mutate", "mutate --states=0 x", "mutate --promote x y",
            "conform", "replay", "-e", "-e x y.mmu", "--js", "explore a b c", "explore --threads=1.5 x", "explore --why --plain x", "@argfile"})
    void aWrongCallIsOneDiagnosticAndStatus2(String call) {
        Ran ran = Ran.call(call.split(" "));
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err().lines().filter(line -> line.contains(": error: "))).hasSize(1);
        assertThat(ran.err()).doesNotContain("\tat ");
    }

    @Test
    void aWrongOptionIsGuessed() {
        assertThat(Ran.call("--jsn").err()).isEqualTo("""
                shootdown: error: unknown option: '--jsn' [usage]
                  hint: 'shootdown --help' shows what may stand here
                  did you mean: --js, --json?
                """);
    }

    @Test
    void conformReportsEachDifferenceAndHowManyAgree(@TempDir Path folder) throws IOException {
        Path operations = Path.of("src/test/resources/recordings/linux-6.18/operations");
        Files.copy(operations.resolve("hint-s1028-n300.jsonl.gz"), folder.resolve("good.jsonl.gz"));
        Files.writeString(folder.resolve("bad.jsonl"), """
                {"hdr":1,"class":"anon","W":192,"base":"0x7ffff7d40000","thp":0,"filepages":4,"memlock_pages":-1}
                {"i":0,"op":"munmap","a":"+0x1000","len":"0x1000","e":"EINVAL"}
                """);
        Ran ran = Ran.call("conform", folder.toString());
        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.out()).isEqualTo(folder.resolve("bad.jsonl") + ":0 level 1: expected e=EINVAL found ret=0x0\n1 of 2 agree\n");
        assertThat(Ran.call("conform", "--json", folder.toString()).out()).isEqualTo(("{'v':1,'step':0,'event':'listing','title':'differences','rows':"
                + "[{'file':'" + folder.resolve("bad.jsonl") + "','record':'0','level':'1','expected':'e=EINVAL','found':'ret=0x0'}]}\n"
                + "{'v':1,'step':0,'event':'listing','title':'conformance','rows':[{'agree':'1','files':'2'}]}\n").replace('\'', '"'));
        assertThat(Ran.call("conform", folder.resolve("good.jsonl.gz").toString()).status()).isZero();
        Ran missing = Ran.call("conform", folder.resolve("none.jsonl").toString());
        assertThat(missing.status()).isEqualTo(2);
        assertThat(missing.err()).contains("there is no such file [no-file]").doesNotContain("at dev.");
        assertThat(missing.out()).isEqualTo("0 of 1 agree\n");
    }

    @Test
    void replayShowsAProgramsCallsAsARun() {
        String file = "src/test/resources/recordings/linux-6.18/programs/xz-T2.strace.gz";
        assertThat(Ran.call("replay", "--quiet", file).out()).isEqualTo("56 calls of 1 process; 1 of 1 layouts agree\n");
        Ran ran = Ran.call("replay", file);
        assertThat(ran.status()).isZero();
        assertThat(ran.out()).contains("p16632.main").contains("munmap").doesNotContain("Exception");
        assertThat(Ran.call("replay", "none.strace").status()).isEqualTo(2);
    }

    @Test
    void everyCommandHasHelp() {
        for (String command : Shootdown.COMMANDS) {
            Ran ran = Ran.call(command, "--help");
            assertThat(ran.status()).isZero();
            assertThat(ran.out()).startsWith("Usage: shootdown " + command).contains("--json").contains("--quiet").contains("--color");
            assertThat(Ran.call("--help").out()).contains(command);
        }
        assertThat(Ran.call("--version").out()).startsWith("Shootdown ");
    }

    /** The shortcut for simple calls and the whole command line agree on what a command is. */
    @Test
    void theCommandsAreAllKnown() {
        Surroundings nothing = new Surroundings(System.in, new PrintWriter(System.out), new PrintWriter(System.err), Surroundings.Terminals.NONE, Map.of(), () -> false);
        assertThat(new CommandCall(nothing, Words::open).commandLine(new Shootdown(nothing, Words::open)).getSubcommands().keySet())
                .containsExactlyInAnyOrderElementsOf(Shootdown.COMMANDS);
    }

    @Test
    void theBoundsOfAnExplorationAreRead() throws IOException {
        String file = file("a.mmu", "x");
        Ran ran = Ran.call("explore", file, "race", "--states", "1e6", "--time", "5m", "--memory", "4G", "--depth", "1_000", "--preempt", "0",
                "--seed", "-7", "--threads", "2", "--kernel", "3.16,6.1", "--driver", "range", "--vendor", "amd,intel", "--plain", "--singly", "--replay", "w1");
        assertThat(ran.out()).isEqualTo("Exploration[scenario=race, states=1000000, seconds=300.0, memory=4294967296, depth=1000, preempt=0, seed=-7, "
                + "threads=2, kernels=[3.16, 6.1], drivers=[range], vendors=[amd, intel], plain=true, singly=true, why=false, replay=w1]\n");
        assertThat(Ran.call("explore", file).out()).isEqualTo("Exploration[scenario=null, states=null, seconds=null, memory=null, depth=null, "
                + "preempt=null, seed=null, threads=null, kernels=[], drivers=[], vendors=[], plain=false, singly=false, why=false, replay=null]\n");
    }

    @Test
    void withoutWordsAPipeIsAPrompt() {
        Ran ran = Ran.call(Ran.bytes("say a\n\n.mode\nsay b\\\nfail\n.quit\nsay c\n"), Words::open);
        assertThat(ran.out()).isEqualTo("1: a\ntext (of text, table, full, json, quiet)\n2: b\\\n");
        assertThat(ran.err()).isEmpty();
        assertThat(ran.status()).isEqualTo(1);
    }
}
