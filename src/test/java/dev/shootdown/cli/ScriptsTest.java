package dev.shootdown.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every script that users are given runs, and prints what its twin says. */
class ScriptsTest {
    @TestFactory
    Stream<DynamicTest> everyScriptAgreesWithItsTwin() throws IOException {
        List<Path> scripts;
        try (Stream<Path> files = Files.walk(Path.of("scripts"))) {
            scripts = files.filter(file -> file.toString().endsWith(".mmu") || file.toString().endsWith(".js")).sorted().toList();
        }
        assertThat(scripts).isNotEmpty();
        return scripts.stream().map(script -> DynamicTest.dynamicTest(script.toString(), () -> {
            assertThat(Path.of(script + ".expected")).exists();
            Ran ran = Ran.call(new byte[0], Main::open, "test", script.toString());
            assertThat(ran.status()).as(ran.out()).isZero();
        }));
    }
}
