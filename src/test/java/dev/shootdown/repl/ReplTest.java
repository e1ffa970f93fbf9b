package dev.shootdown.repl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.lang.Session;
import dev.shootdown.lang.Status;
import dev.shootdown.view.Faults;
import dev.shootdown.view.Theme;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statements through a pipe. */
class ReplTest {
    private static final String SETUP = "process app {}\nuse app.main\nlet buf = mmap 16K rw\n";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private Status type(String text, boolean quiet) {
        PrintWriter talk = new PrintWriter(err);
        Repl.Setting setting = new Repl.Setting(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), new PrintWriter(out), talk, false,
                Map.of(), Theme.PLAIN, false, quiet, "test");
        return new Repl(setting, Session::new, new Faults(false, talk)).run();
    }

    @Test
    void statementsRunOnTheMachineThatStands() {
        assertThat(type(SETUP + "touch buf write\nprint app.rss\n", true)).isEqualTo(Status.HELD);
        assertThat(out).hasToString("4\n");
        assertThat(err).hasToString("");
    }

    @Test
    void aMistakeIsToldAndTheSessionGoesOn() {
        assertThat(type("mumap x\nprint 1\n", true)).isEqualTo(Status.REFUSED);
        assertThat(out).hasToString("1\n");
        assertThat(err.toString()).contains("repl:1:1: error: ");
    }

    @Test
    void theLastStatementIsShownAgainInAnotherMode() {
        type(SETUP + ".last json\n.mode\n", true);
        assertThat(out.toString().lines().filter(line -> line.startsWith("{"))).isNotEmpty().allMatch(line -> line.contains("\"v\":1"));
        assertThat(out.toString()).contains("\"event\":\"vma\"").endsWith("quiet (of text, table, full, json, quiet)\n");
    }

    @Test
    void aTableHasAColumnAnActor() {
        type(SETUP + ".mode table\ntouch buf write\n", true);
        assertThat(out.toString()).startsWith("step  app.main\n").contains("call touch buf write").contains("cpu_fault");
    }

    @Test
    void whatIsShownCanGoToAFileForOneStatementOrAll() throws IOException {
        Path once = folder.resolve("once");
        Path all = folder.resolve("all");
        type(".once " + once + "\nprint 1\nprint 2\n.output " + all + "\nprint 3\nprint 4\n.output\nprint 5\n", true);
        assertThat(out).hasToString("2\n5\n");
        assertThat(Files.readString(once)).isEqualTo("1\n");
        assertThat(Files.readString(all)).isEqualTo("3\n4\n");
    }

    @Test
    void whatWentWellIsSavedAsAScriptAndLoadedAgain() throws IOException {
        Path file = folder.resolve("saved.mmu");
        type(SETUP + "mumap\n.save " + file + "\n", true);
        assertThat(Files.readString(file)).isEqualTo(SETUP);
        out.getBuffer().setLength(0);
        type(".load " + file + "\ntouch buf[0 +4K]\nprint buf.resident\n", true);
        assertThat(out.toString()).hasLineCount(1);
    }

    @Test
    void theHistoryIsNumbered() {
        type("print 1\nprint 2\n.history 2\n", true);
        assertThat(out).hasToString("1\n2\n    2  print 2\n    3  .history 2\n");
    }

    @Test
    void aDotCommandThatIsWrongIsOneDiagnostic() {
        type(".mdoe\n.mode jsn\n.save\n.history x\n.load " + folder.resolve("none") + "\n.once " + folder + "\n", true);
        assertThat(err.toString().lines().filter(line -> line.contains(": error: "))).hasSize(6);
        assertThat(err.toString()).contains("did you mean: .mode?").contains("did you mean: json?").contains("'.save FILE' wants a FILE");
    }

    @Test
    void helpListsEveryCommand() {
        type(".help\n", true);
        DotCommand.names().forEach(name -> assertThat(out.toString()).contains(name));
    }

    @Test
    void whoKnowsOtherPromptsIsToldWhatToTypeHere() {
        assertThat(type("?\nquit\nls\nexit\nprint 1\n", true)).isEqualTo(Status.REFUSED);
        assertThat(out).hasToString("1\n");
        assertThat(err.toString().lines().filter(line -> line.contains("hint: "))).extracting(String::strip).containsExactly(
                "hint: help explains the language, '.help' this prompt", "hint: '.quit' or Ctrl-D leaves",
                "hint: info actors and info vmas show what there is; help lists all words", "hint: '.quit' or Ctrl-D leaves");
    }

    @Test
    void aDefaultActorMayExit() {
        assertThat(type(SETUP + "exit\nprint app.exited\n", true)).isEqualTo(Status.HELD);
        assertThat(out).hasToString("true\n");
    }

    @Test
    void leavingLeaves() {
        type("print 1\n.quit\nprint 2\n", true);
        assertThat(out).hasToString("1\n");
    }

    @Test
    void aCallIsStoppedLookedAtAndGoneOnWith() {
        assertThat(type(SETUP + "touch buf write\nbreak pte\nmunmap buf\nprint buf.resident\nback\nprint buf.resident\nstep\nbreak\ncontinue\n"
                + "print mapped(buf)\nwhy buf.resident == 0\n", true)).isEqualTo(Status.HELD);
        assertThat(out.toString().lines().map(line -> line.replaceAll("0x[0-9a-f]+", "0x").replaceAll("#[0-9]+", "#").replaceAll(" +", " ").strip()))
                .containsExactly(
                        "# app.main pte 0x..0x change=clear pages=1; ready: app.main [break pte]",
                        "3",
                        "# app.main Lock; ready: app.main",
                        "4",
                        "# app.main pte 0x..0x change=clear pages=1; ready: app.main [break pte]",
                        "no longer: break pte",
                        "false",
                        "step actor why event",
                        "# app.main in this call call op=munmap args=buf",
                        "# app.main made it so pte 0x..0x change=clear pages=1");
        assertThat(err).hasToString("");
    }
}
