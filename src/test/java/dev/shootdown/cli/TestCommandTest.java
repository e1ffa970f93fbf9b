package dev.shootdown.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestCommandTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void scripts() throws IOException {
        write("a.mmu", "say a\n");
        write("a.mmu.expected", "1: a\nexit 0\n");
        Files.createDirectories(folder.resolve("deep"));
        write("deep/b.mmu", "say b\nfail\n");
        write("deep/b.mmu.expected", "1: b\nexit 1\n");
        write("part.mmu", "say of no test\n");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    @Test
    void aFolderIsAllThatHasATwin() {
        assertThat(Ran.call("test", folder.toString())).isEqualTo(new Ran(0, """
                ok    %s
                ok    %s
                2 of 2 pass
                """.formatted(path("a.mmu"), path("deep/b.mmu")), ""));
    }

    @Test
    void aDifferenceIsShownAndFails() throws IOException {
        write("a.mmu", "say a\nsay x\nsay y\n");
        write("a.mmu.expected", "1: a\n2: X\n3: y\nexit 0\n");
        assertThat(Ran.call("test", "--quiet", folder.toString())).isEqualTo(new Ran(1, """
                FAIL  %s
                     1: a
                    -2: X
                    +2: x
                     3: y
                     exit 0
                1 of 2 pass
                """.formatted(path("a.mmu")), ""));
    }

    @Test
    void whatAScriptSaysOfItselfIsShownWhereItFails() throws IOException {
        write("a.mmu", "refuse\n");
        assertThat(Ran.call("test", path("a.mmu")).out()).contains("-1: a", "+exit 2", "| " + path("a.mmu") + ":1:1: error: no");
    }

    @Test
    void promotingMakesWhatIsPrintedTheRecord() throws IOException {
        write("a.mmu", "say new\n");
        Ran ran = Ran.call("test", "--promote", path("a.mmu"), path("part.mmu"));
        assertThat(ran.status()).isZero();
        assertThat(ran.err()).isEqualTo("promoted %s\npromoted %s\n".formatted(path("a.mmu.expected"), path("part.mmu.expected")));
        assertThat(Files.readString(folder.resolve("a.mmu.expected"))).isEqualTo("1: new\nexit 0\n");
        assertThat(Ran.call("test", folder.toString()).status()).isZero();
    }

    @Test
    void aScriptWithoutARecordFailsWhereItIsNamed() {
        assertThat(Ran.call("test", path("part.mmu"))).satisfies(ran -> {
            assertThat(ran.status()).isEqualTo(1);
            assertThat(ran.out()).contains("--promote makes it");
        });
    }

    @Test
    void anythingTwiceRunsOnce() {
        assertThat(Ran.call("test", path("a.mmu"), path("a.mmu")).out()).endsWith("1 of 1 pass\n");
    }

    @Test
    void nothingToTestIsRefused() {
        assertThat(Ran.call("test", path("none")).status()).isEqualTo(2);
        assertThat(Ran.call("test", path("deep/none.mmu")).err()).contains("[no-file]");
    }

    @Test
    void tap() throws IOException {
        write("a.mmu.expected", "1: A\nexit 0\n");
        assertThat(Ran.call("test", "--tap", folder.toString()).out()).isEqualTo("""
                TAP version 14
                1..2
                not ok 1 - %s
                  ---
                  difference: |
                    -1: A
                    +1: a
                     exit 0
                  ...
                ok 2 - %s
                """.formatted(path("a.mmu"), path("deep/b.mmu")));
    }

    @Test
    void junit() throws IOException {
        write("a.mmu", "say <&>\n");
        Ran ran = Ran.call("test", "--junit", path("report.xml"), folder.toString());
        assertThat(ran.out()).endsWith("1 of 2 pass\n");
        assertThat(Files.readString(folder.resolve("report.xml"))).isEqualTo("""
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuite name="shootdown" tests="2" failures="1" errors="0" skipped="0">
                  <testcase classname="shootdown" name="%s">
                    <failure message="the output differs">-1: a
                +1: &lt;&amp;&gt;
                 exit 0</failure>
                    <system-err></system-err>
                  </testcase>
                  <testcase classname="shootdown" name="%s"/>
                </testsuite>
                """.formatted(path("a.mmu"), path("deep/b.mmu")));
    }
}
