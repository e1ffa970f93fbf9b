package dev.shootdown.repl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shootdown.TestClassPath;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The prompt in a real terminal: tmux's, with keys typed and the screen read. */
class RealTerminalTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private String socket;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        assumeTrue(there(), "tmux is not installed: the prompt is not tested in a real terminal");
        socket = folder.resolve("tmux").toString();
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String command = String.join(" ", "XDG_STATE_HOME='" + folder + "'", "'" + java + "'", "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dorg.jline.terminal.provider=jni", "-cp '" + classPath() + "'",
                "dev.shootdown.cli.Main;", "echo ended with $?;", "exec cat");
        tmux("-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "40", command);
        await("shootdown>");
    }

    /** Ends the terminal, and waits for what ran in it: it writes its history when it goes. */
    @AfterEach
    void stop() throws Exception {
        if (socket != null) {
            ProcessHandle shell = ProcessHandle.of(Long.parseLong(tmux("display-message", "-p", "#{pane_pid}").strip())).orElseThrow();
            List<ProcessHandle> all = Stream.concat(Stream.of(shell), shell.descendants()).toList();
            tmux("kill-server");
            for (ProcessHandle one : all) {
                one.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        }
    }

    private static String classPath() {
        return TestClassPath.entries().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private static boolean there() throws InterruptedException {
        try {
            return new ProcessBuilder("tmux", "-V").redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException none) {
            return false;
        }
    }

    private String tmux(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("tmux", "-S", socket));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return out;
    }

    private void type(String text) throws IOException, InterruptedException {
        tmux("send-keys", "-l", text);
    }

    private void press(String key) throws IOException, InterruptedException {
        tmux("send-keys", key);
    }

    private void enter(String text) throws IOException, InterruptedException {
        type(text);
        press("Enter");
    }

    private String shown() throws IOException, InterruptedException {
        return tmux("capture-pane", "-p");
    }

    /** Waits until the screen shows something. */
    private String await(String text) throws IOException, InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        String shown = shown();
        while (!shown.contains(text) && Instant.now().isBefore(end)) {
            Thread.sleep(50);
            shown = shown();
        }
        assertThat(shown).contains(text);
        return shown;
    }

    @Test
    void theBannerSaysWhatToDoNext() throws Exception {
        assertThat(shown().lines().filter(line -> !line.isBlank())).hasSize(4).last().isEqualTo("shootdown>");
    }

    @Test
    void thePromptShowsTheDefaultActorAndStatementsRun() throws Exception {
        enter("process app {}");
        enter("use app.main");
        await("\napp.main>");
        enter("let buf = mmap 16K rw");
        await("insert rw");
        type("munm");
        press("Tab");
        await("app.main> munmap");
        type("bu");
        press("Tab");
        await("app.main> munmap buf");
        press("Enter");
        assertThat(await("remove rw").lines().filter(line -> line.contains("vma"))).hasSize(2);
    }

    @Test
    void aBlockGoesOverSeveralLinesAndIsOneEntryOfTheHistory() throws Exception {
        enter("repeat 3 {");
        await("...>");
        enter("print 11 + 22");
        enter("}");
        await("33\n33\n33\nshootdown>");
        press("Up");
        await("33\nshootdown> repeat 3 {\n   ...> print 11 + 22\n   ...> }");
    }

    @Test
    void controlCStopsTheStatementButNotTheSession() throws Exception {
        enter(".mode quiet");
        enter("process app {}");
        enter("let buf = app.main: mmap 64K rw");
        enter("repeat 1000000 { app.main: touch buf write; app.main: madvise buf dontneed }");
        Thread.sleep(1_500);
        press("C-c");
        enter("print 40 + 2");
        await("\n42\n");
        type("half a line");
        await("half a line");
        press("C-c");
        await("half a line\nshootdown>");
        enter("print 50 + 3");
        await("\n53\n");
    }

    @Test
    void controlDLeaves() throws Exception {
        enter("print 1");
        press("C-d");
        await("ended with 0");
        assertThat(Files.readString(folder.resolve("shootdown/history"))).contains("print 1");
    }
}
