package dev.shootdown.repl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.lang.Session;
import dev.shootdown.view.Theme;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jline.reader.Candidate;
import org.jline.reader.Parser;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The line editor without a real terminal under it: what it makes of lines. */
class TerminalLinesTest {
    private final Screen screen = new Screen(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()), Theme.PLAIN, false, Mode.TEXT,
            process -> List.of());
    private final Session session = new Session(screen);

    @TempDir
    private Path state;

    private List<String> read(String typed) throws IOException {
        DumbTerminal terminal = new DumbTerminal(new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)), new ByteArrayOutputStream());
        List<String> statements = new ArrayList<>();
        try (TerminalLines lines = new TerminalLines(terminal, session, Theme.PLAIN, Map.of("XDG_STATE_HOME", state.toString()))) {
            for (String next = lines.next("> "); next != null; next = lines.next("> ")) {
                statements.add(next);
            }
        }
        return statements;
    }

    @Test
    void aStatementGoesOnUntilItsBracesClose() throws IOException {
        assertThat(read("nop\nrepeat 2 {\n  nop\n}\nprint 1\n")).containsExactly("nop", "repeat 2 {\n  nop\n}", "print 1");
    }

    @Test
    void anEmptyLineEndsWhatWouldNotEnd() throws IOException {
        assertThat(read("repeat 2 {\n\nnop\n")).hasSize(2).element(0).asString().startsWith("repeat 2 {");
    }

    @Test
    void anExclamationMarkMeansItself() throws IOException {
        assertThat(read("print 1 != 2\n!!\n")).containsExactly("print 1 != 2", "!!");
    }

    @Test
    void theHistoryOutlivesTheProcess() throws IOException {
        read("print 1\nrepeat 2 {\n nop\n}\n");
        assertThat(Files.readString(state.resolve("shootdown/history"))).contains("print 1").contains("repeat 2 {\\n nop\\n}");
    }

    @Test
    void aStateFolderThatCannotBeMadeIsDoneWithout() throws IOException {
        Files.writeString(state.resolve("file"), "");
        DumbTerminal terminal = new DumbTerminal(new ByteArrayInputStream("nop\n".getBytes(StandardCharsets.UTF_8)), new ByteArrayOutputStream());
        try (TerminalLines lines = new TerminalLines(terminal, session, Theme.PLAIN, Map.of("XDG_STATE_HOME", state.resolve("file").toString()))) {
            assertThat(lines.next("> ")).isEqualTo("nop");
            assertThat(lines.history()).containsExactly("nop");
        }
    }

    @Test
    void theWordAtTheCursorIsCompleted() {
        Statements.At at = Statements.At.cursor("app.ma: mun buf", 11);
        assertThat(at.word()).isEqualTo("mun");
        assertThat(at.wordCursor()).isEqualTo(3);
        assertThat(Statements.At.cursor("app.ma: mun buf", 6).word()).isEqualTo("app.ma");
        assertThat(Statements.At.cursor("x ", 2).word()).isEmpty();
    }

    @Test
    void completionKnowsTheLanguageAndThePrompt() {
        session.evaluate("test", "process app {}\nlet buf = app.main: mmap 16K rw");
        assertThat(candidates("app.main: mun")).contains("munmap");
        assertThat(candidates("app.main: munmap b")).contains("buf");
        assertThat(candidates(".mo")).contains(".mode", ".last");
        assertThat(candidates(".mode j")).containsExactlyElementsOf(Mode.words());
    }

    private List<String> candidates(String line) {
        List<Candidate> candidates = new ArrayList<>();
        new Words(session).complete(null, new Statements(session).parse(line, line.length(), Parser.ParseContext.COMPLETE), candidates);
        return candidates.stream().map(Candidate::value).toList();
    }

    @Test
    void whatIsTypedIsColouredAndNothingElse() {
        Colours colours = new Colours(session, Theme.COLOUR);
        String line = "app.main: mmap 16K rw // \"x";
        assertThat(colours.highlight(null, line)).hasToString(line);
        assertThat(colours.highlight(null, line).toAnsi()).contains("\u001b[");
        assertThat(new Colours(session, Theme.PLAIN).highlight(null, line).toAnsi()).isEqualTo(line);
    }
}
