package dev.shootdown.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Span;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiagnosticTextTest {
    private static String plain(Diagnostic diagnostic) {
        return new DiagnosticText(Theme.PLAIN).text(diagnostic);
    }

    private static Diagnostic at(int column, int length, String line) {
        return Diagnostic.error("unknown-verb", new Span("race.mmu", 7, column, length, line), "there is no verb 'mumap'");
    }

    @Test
    void placeCauseLineSpanHintAndGuess() {
        Diagnostic diagnostic = at(11, 5, "app.main: mumap buf").hint("'help thread' lists a thread's verbs").didYouMean(List.of("munmap", "mmap"));
        assertThat(plain(diagnostic)).isEqualTo("""
                race.mmu:7:11: error: there is no verb 'mumap' [unknown-verb]
                  app.main: mumap buf
                            ^^^^^
                  hint: 'help thread' lists a thread's verbs
                  did you mean: munmap, mmap?
                """);
    }

    @Test
    void aWholeSourceHasNoLine() {
        assertThat(plain(Diagnostic.warning("empty", Span.whole("a.mmu"), "nothing to do"))).isEqualTo("a.mmu: warning: nothing to do [empty]\n");
    }

    @Test
    void aTabOrAWideCharacterBeforeTheSpanMovesTheCaret() {
        assertThat(plain(at(5, 2, "\t\u6f22\u5b57 xy"))).contains("   \u6f22\u5b57 xy\n        ^^\n");
    }

    @Test
    void theEndOfTheLineCanBeMarked() {
        assertThat(plain(at(4, 1, "mun"))).contains("  mun\n     ^\n");
    }

    @Test
    void aLongLineIsShownAroundTheSpan() {
        String text = plain(at(5_001, 3, "a".repeat(5_000) + "bad" + "c".repeat(5_000)));
        assertThat(text.lines().map(String::length)).allMatch(length -> length < 200);
        assertThat(text).contains("..." + "a".repeat(60) + "bad" + "c".repeat(60) + "...").contains(" ".repeat(65) + "^^^\n");
    }

    @Test
    void aSpanAsLongAsALongLineIsCutToo() {
        String text = plain(at(1, 9_000, "x".repeat(9_000)));
        assertThat(text.lines().map(String::length)).allMatch(length -> length < 200);
    }

    @Test
    void noControlCharacterOfTheInputReachesTheTerminal() {
        String text = plain(Diagnostic.error("bad", new Span("a\u001b[2J.mmu", 1, 1, 3, "x\u001b[31my"), "no \u0007 'x\u001b'"));
        assertThat(text.replace("\n", "")).doesNotContainPattern("\\p{Cntrl}");
    }

    @Test
    void coloursAddNothingButColours() {
        Diagnostic diagnostic = at(11, 5, "app.main: mumap buf").hint("look").didYouMean(List.of("munmap"));
        String coloured = new DiagnosticText(Theme.COLOUR).text(diagnostic);
        assertThat(coloured).contains("\u001b[");
        assertThat(coloured.replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(plain(diagnostic));
    }
}
