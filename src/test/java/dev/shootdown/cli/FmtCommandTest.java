package dev.shootdown.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.lang.Formatter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FmtCommandTest {
    private static final String UNTIDY = "process   app{}\napp :   mmap 16K   rw\n";
    private static final String TIDY = Formatter.format("x", UNTIDY);

    @TempDir
    private Path folder;

    private Path untidy() throws IOException {
        return Files.writeString(folder.resolve("a.mmu"), UNTIDY);
    }

    @Test
    void aFileIsRewritten() throws IOException {
        Path file = untidy();
        assertThat(Ran.call("fmt", file.toString())).isEqualTo(new Ran(0, "", "formatted " + file + "\n"));
        assertThat(Files.readString(file)).isEqualTo(TIDY).isNotEqualTo(UNTIDY);
        assertThat(Ran.call("fmt", file.toString())).isEqualTo(new Ran(0, "", ""));
    }

    @Test
    void standardInputGoesToStandardOutput() {
        assertThat(Ran.call(Ran.bytes(UNTIDY), Words::open, "fmt", "-")).isEqualTo(new Ran(0, TIDY, ""));
    }

    @Test
    void checkingChangesNothing() throws IOException {
        Path file = untidy();
        assertThat(Ran.call("fmt", "--check", file.toString())).isEqualTo(new Ran(1, file + "\n", ""));
        assertThat(Files.readString(file)).isEqualTo(UNTIDY);
    }

    @Test
    void aBrokenScriptIsLeftAloneAndTheOthersAreNot() throws IOException {
        Path broken = Files.writeString(folder.resolve("b.mmu"), "process {{{\n");
        Path file = untidy();
        Ran ran = Ran.call("fmt", broken.toString(), file.toString());
        assertThat(ran.status()).isEqualTo(2);
        assertThat(Files.readString(broken)).isEqualTo("process {{{\n");
        assertThat(Files.readString(file)).isEqualTo(TIDY);
    }
}
