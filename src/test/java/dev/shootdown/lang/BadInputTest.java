package dev.shootdown.lang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.vocabulary.Diagnostic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Bad inputs and exactly what is said of them. {@code bad-input.txt} has one after the other: the script; the status
 * that it ends with, the diagnostic's code and where it points; its cause; its hint; what may have been meant.
 */
class BadInputTest {
    private static final Path TABLE = Path.of("src/test/resources/diagnostics/bad-input.txt");

    /** A script with what is to be said of it. */
    private record Row(String script, String said) {}

    private static List<Row> rows() throws IOException {
        return Arrays.stream(Files.readString(TABLE).split("====\n")).map(BadInputTest::row).toList();
    }

    private static Row row(String block) {
        int cut = block.indexOf("\n---- ");
        return new Row(block.substring(0, cut), block.substring(cut + "\n---- ".length()).strip());
    }

    @TestFactory
    List<DynamicTest> eachIsSaidExactlySo() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Row row : rows()) {
            tests.add(DynamicTest.dynamicTest(row.script.replace('\n', ';'), () -> assertThat(said(row.script)).isEqualTo(row.said)));
        }
        return tests;
    }

    @Test
    void thereAreManyAndNoTwoAlike() throws IOException {
        assertThat(rows()).hasSizeGreaterThan(60);
        assertThat(rows().stream().map(Row::script)).doesNotHaveDuplicates();
    }

    /** A refused script has done nothing: not even what stands above the mistake. */
    @Test
    void whatIsKnownBeforeChangesNothing() {
        Audience audience = new Audience();
        assertThat(new Session(audience).execute("bad.mmu", "print 1\nprocess app\napp.main: mmap 4K rw\napp.main: mumap 0x1000\n"))
                .isEqualTo(Status.REFUSED);
        assertThat(audience.moments).isEmpty();
    }

    /** At a prompt a refused line leaves the machine and its names as they were. */
    @Test
    void aRefusedLineAtThePromptLeavesAllAsItWas() {
        Audience audience = new Audience();
        Session session = new Session(audience);
        session.evaluate("repl", "process app\nlet buf = app.main: mmap 4K rw");
        assertThat(session.evaluate("repl", "let other = 5\napp.main: mumap buf")).isEqualTo(Status.REFUSED);
        assertThat(session.evaluate("repl", "print other")).isEqualTo(Status.REFUSED);
        assertThat(session.evaluate("repl", "app.main: touch buf write\nprint buf.resident")).isEqualTo(Status.HELD);
        assertThat(audience.printed()).containsExactly("1");
    }

    private static String said(String script) {
        Audience audience = new Audience();
        Status status = new Session(audience).execute("bad.mmu", script);
        assertThat(audience.diagnostics).hasSize(1);
        Diagnostic only = audience.diagnostics.getFirst();
        StringBuilder text = new StringBuilder(status + " " + only.code() + " " + only.span().line() + ":" + only.span().column() + "+"
                + only.span().length() + "\n" + only.cause());
        text.append(only.hint().isEmpty() ? "" : "\nhint: " + only.hint());
        return text.append(only.didYouMean().isEmpty() ? "" : "\nmeant: " + String.join(", ", only.didYouMean())).toString();
    }
}
