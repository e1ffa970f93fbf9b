package dev.shootdown.lang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.mm.KernelVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the kernel answers to calls that break a rule, and what is so afterwards: a table, a row a call. */
class CallErrorsTest {
    private static final Path TABLE = Path.of("src/test/resources/errors/calls.txt");
    private static final int COLUMNS = 5;

    /** A row of the table. */
    private record Row(List<String> kernels, List<String> before, String call, String answer, List<String> after) {
        static Row of(String line) {
            String[] columns = line.split("\\|", -1);
            assertThat(columns).as(line).hasSize(COLUMNS);
            List<String> kernels = columns[0].strip().equals("*") ? KernelVersion.texts() : List.of(columns[0].strip().split(" "));
            return new Row(kernels, statements(columns[1]), columns[2].strip(), columns[3].strip(), statements(columns[4]));
        }

        private static List<String> statements(String column) {
            return Arrays.stream(column.split(";")).map(String::strip).filter(text -> !text.isEmpty()).toList();
        }

        private String options(String declaration) {
            return before.stream().filter(text -> text.startsWith(declaration + " ")).map(text -> text.substring(declaration.length()))
                    .findFirst().orElse("");
        }

        String script(String kernel) {
            List<String> lines = new ArrayList<>(List.of(
                    "machine { kernel=\"" + kernel + "\"" + options("machine") + " }", "file f 64K",
                    "process app { heap=0x5000_0000" + options("process") + " }", "let buf = app.main: mmap 0x1000_0000 16K rw fixed"));
            before.stream().filter(text -> !text.startsWith("machine ") && !text.startsWith("process ")).forEach(lines::add);
            lines.add(expected(answer, "app.main: " + call));
            after.forEach(text -> lines.add(text.startsWith("ok ") ? text.substring("ok ".length()) : "expect " + text));
            return String.join("\n", lines) + "\n";
        }

        private static String expected(String answer, String call) {
            return answer.equals("ok") ? call : "expect " + answer + " " + call;
        }
    }

    private static List<Row> rows() throws IOException {
        return Files.readAllLines(TABLE).stream().filter(line -> !line.isBlank() && !line.startsWith("#")).map(Row::of).toList();
    }

    @TestFactory
    List<DynamicTest> eachIsAnsweredSo() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Row row : rows()) {
            for (String kernel : row.kernels) {
                tests.add(DynamicTest.dynamicTest(kernel + " " + String.join("; ", row.before) + " | " + row.call, () -> {
                    Audience audience = new Audience();
                    assertThat(new Session(audience).execute("row.mmu", row.script(kernel)))
                            .as(() -> row.script(kernel) + audience.diagnostics).isEqualTo(Status.HELD);
                }));
            }
        }
        return tests;
    }

    @Test
    void eachKernelHasMany() throws IOException {
        for (String kernel : KernelVersion.texts()) {
            assertThat(rows().stream().filter(row -> row.kernels.contains(kernel))).hasSizeGreaterThan(70);
        }
    }
}
