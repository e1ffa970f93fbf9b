package dev.shootdown.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.TestClassPath;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/versus-spin} in a checkout of its own, whose launcher runs the classes under test. */
class VersusSpinTest {
    private static final List<String> TOOLS = List.of("bash", "env", "readlink", "dirname", "mktemp", "rm", "mkdir", "cat", "awk", "sed", "sort", "grep",
            "find", "sleep", "cp", "chmod");
    /** What SPIN's verifier says, as far as it is read. */
    private static final String PAN = "#!/bin/sh\necho '\t222 states, stored'\necho 'State-vector 72 byte, depth reached 9, errors: ERRORS'\n";

    @TempDir
    private Path folder;

    private Path checkout;
    private Path tools;

    @BeforeEach
    void makeCheckout() throws IOException {
        checkout = Files.createDirectories(folder.resolve("check out"));
        Path script = Files.createDirectories(checkout.resolve("scripts")).resolve("versus-spin");
        executable(Files.copy(Path.of("scripts/versus-spin"), script));
        String classPath = TestClassPath.entries().stream().map(entry -> entry.toAbsolutePath().toString()).collect(Collectors.joining(File.pathSeparator));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        script(checkout.resolve("scripts/shootdown"), "#!/bin/sh\nexec '" + java + "' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 "
                + "--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -cp '" + classPath + "' dev.shootdown.cli.Main \"$@\"\n");
        Path model = Files.createDirectories(checkout.resolve("src/test/resources/spin")).resolve("shootdown.pml");
        Files.copy(Path.of("src/test/resources/spin/shootdown.pml"), model);
        tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : TOOLS) {
            Path real = Stream.of("/bin", "/usr/bin").map(bin -> Path.of(bin, tool)).filter(Files::exists).findFirst().orElseThrow();
            script(tools.resolve(tool), "#!/bin/sh\nexec " + real + " \"$@\"\n");
        }
    }

    private static void executable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, text);
        executable(file);
    }

    private Ran run(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("/bin/bash", checkout.resolve("scripts/versus-spin").toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectError(folder.resolve("err").toFile());
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", tools.toString(), "HOME", folder.toString()));
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), out, Files.readString(folder.resolve("err")));
    }

    private static List<String> cells(String row) {
        return List.of(row.strip().split(" {2,}"));
    }

    @Test
    void withoutSpinOnlyShootdownIsMeasured() throws Exception {
        Ran ran = run("-n", "1", "1", "1", "1");
        assertThat(ran.status()).as(ran.err()).isZero();
        List<String> lines = ran.out().lines().toList();
        assertThat(lines.getFirst()).isEqualTo("There is no spin here, so only Shootdown is measured.");
        assertThat(cells(lines.get(1))).containsExactly("pages", "devices", "accesses", "Shootdown", "states", "states/s");
        assertThat(lines.get(2)).matches(" +1 +1 +1 +[0-9]+\\.[0-9]{2} s +[1-9][0-9]* +[1-9][0-9]*");
    }

    /** A spin and a gcc that only pretend: what is theirs stands in their columns. */
    private void pretend(String errors) throws IOException {
        script(tools.resolve("spin"), "#!/bin/sh\necho \"$@\" > pan.c\n");
        script(tools.resolve("gcc"), "#!/bin/sh\nfor word; do last=$out; out=$word; done\ncp '" + folder.resolve("pan") + "' \"$last\"\n");
        script(folder.resolve("pan"), PAN.replace("ERRORS", errors));
    }

    @Test
    void whereSpinIsItStandsBesideEachSize() throws Exception {
        pretend("0");
        Ran ran = run("-n", "2", "1", "1", "1");
        assertThat(ran.status()).as(ran.err()).isZero();
        List<String> lines = ran.out().lines().toList();
        assertThat(cells(lines.getFirst())).endsWith("SPIN", "states", "own reduction", "states", "its build");
        assertThat(lines.get(1)).matches(" +1 +1 +1 +[0-9.]+ s +[0-9]+ +[0-9]+ +[0-9.]+ s +222 +[0-9.]+ s +222 +[0-9.]+ s");
    }

    @Test
    void aVerifierThatProvesNothingEndsTheComparison() throws Exception {
        pretend("1");
        Ran ran = run("-n", "1", "1", "1", "1");
        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.err()).endsWith("versus-spin: SPIN did not prove its model right.\n");
    }

    @Test
    void aWrongCallIsToldHowItGoes() throws Exception {
        for (String[] words : new String[][] {{"1", "2"}, {"5", "1", "1"}, {"-x"}, {"-n", "0"}}) {
            Ran ran = run(words);
            assertThat(ran.status()).isEqualTo(2);
            assertThat(ran.err()).startsWith("usage: ").hasLineCount(1);
        }
    }
}
