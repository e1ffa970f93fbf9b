package dev.shootdown.lang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One row for each mistake: the text, where the caret stands, the code, the cause, the hint or the suggestion. */
class SyntaxErrorTest {
    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '\0', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
            app.main: mmap 4KB rw ~ 1:16+3 ~ bad-number ~ 'KB' is no unit ~ did you mean [4K]
            app.main: mmap 0x2M rw ~ 1:16+4 ~ bad-number ~ '0x2M' is no number: a hexadecimal number takes no unit ~ write the size in decimal, or all of it in hexadecimal
            machine { kernel=6.1 } ~ 1:18+3 ~ bad-number ~ '6.1' is no number: there are no fractions ~ a kernel version stands in double quotes, and half a megabyte is 512K
            app.main: mmap 1.5G rw ~ 1:16+4 ~ bad-number ~ '1.5G' is no number: there are no fractions ~ a kernel version stands in double quotes, and half a megabyte is 512K
            app.main: mmap 99999999999999999999 rw ~ 1:16+20 ~ bad-number ~ '99999999999999999999' does not fit into 64 bits ~
            app.main: mmap 16777216T rw ~ 1:16+9 ~ bad-number ~ '16777216T' does not fit into 64 bits ~
            app.main: mmap 4q rw ~ 1:16+2 ~ bad-number ~ 'q' is no unit ~ units are K, M, G, T, p (pages), us and ms
            scenario a {⏎  race {⏎    app.main: munmap buf ~ 3:25+1 ~ unclosed-brace ~ a '}' is missing at the end of input ~ the '{' on line 2, column 8 is never closed: race {
            app.main: munmap buf } ~ 1:22+1 ~ syntax ~ there is nothing open that '}' could close ~
            app.main: write buf 'x' ~ 1:21+3 ~ syntax ~ a string stands in double quotes ~ use " in place of '
            app.main: write buf "abc ~ 1:21+1 ~ unclosed-string ~ this string has no end on its line ~ close it with "; a line break inside is written \\n
            app.main: write buf "abc\\q" ~ 1:25+2 ~ bad-escape ~ there is no escape '\\q' ~ escapes are \\n \\t \\" \\\\ \\$ and \\xNN
            app.main: munmap buf[] ~ 1:21+2 ~ empty-range ~ the range in [ ] is empty ~ a mapping by its name alone is all of it; buf[8K] is a page, buf[8K +4K] a part
            machin { cpus=2 } ~ 1:8+1 ~ syntax ~ expected '+=', '-=', ':', '=' or the end of the line, found '{' ~ did you mean [machine]
            scenaro foo { } ~ 1:13+1 ~ syntax ~ expected '=', an argument, an operator or the end of the line, found '{' ~ did you mean [scenario]
            expct gpu.state == "x" ~ 1:17+2 ~ syntax ~ expected an argument, an operator or the end of the line, found '==' ~ did you mean [expect]
            app.main: mmap buf + 4K + 3 ~ 1:25+1 ~ syntax ~ there is no arithmetic in an argument ~ put it in parentheses: (a + b)
            let x = a - 1 ~ 1:11+1 ~ syntax ~ there is no arithmetic in an argument ~ put it in parentheses: (a + b)
            let x = ~ 1:8+1 ~ syntax ~ expected a call, a list or a range, found the end of input ~
            let ~ 1:4+1 ~ syntax ~ expected ':' or a name, found the end of input ~
            munmap @ ~ 1:8+1 ~ stray-character ~ '@' has no meaning here ~
            app.main munmap buf ~ 1:10+6 ~ syntax ~ expected ':', found 'munmap' ~
            app.main: ~ 1:10+1 ~ syntax ~ expected '{' or a verb, found the end of input ~
            expect x = 3 ~ 1:10+1 ~ syntax ~ '=' does not compare ~ use ==
            if x { } ⏎else ~ 2:5+1 ~ syntax ~ expected 'if' or '{', found the end of input ~
            else { } ~ 1:1+4 ~ syntax ~ there is no if before this else ~
            or { } ~ 1:1+2 ~ syntax ~ there is no either before this or ~
            repeat 3⏎{ sync } ~ 1:9+1 ~ syntax ~ expected '{', found the end of the line ~
            app.main: munmap (buf⏎app.main: touch buf ~ 1:18+1 ~ unclosed-bracket ~ '(' is never closed by ')' ~
            app.main: munmap buf[4K⏎} ~ 1:21+1 ~ unclosed-bracket ~ '[' is never closed by ']' ~
            a: munmap buf & b ~ 1:15+1 ~ syntax ~ '&' stands only at the end of a call ~ it leaves the call in flight
            ```js⏎foo ~ 1:1+5 ~ unclosed-fence ~ this fence has no end ~ JavaScript ends with a line of three backticks
            /* foo ~ 1:1+6 ~ unclosed-comment ~ this comment has no end ~ a comment ends with */
            print count( ~ 1:12+1 ~ unclosed-bracket ~ '(' is never closed by ')' ~
            print "${" ~ 1:10+1 ~ unclosed-string ~ this string has no end on its line ~ close it with "; a line break inside is written \\n
            print "${x" ~ 1:8+2 ~ unclosed-bracket ~ '${' is never closed by '}' ~
            print "a ${x + } b" ~ 1:16+1 ~ syntax ~ expected an expression, found '}' ~
            munmap at ~ 1:10+1 ~ syntax ~ expected '=', a name or a range, found the end of input ~
            device gpu { ats } ~ 1:12+1 ~ syntax ~ expected 'behind', found '{' ~
            device gpu behind amd0 { ats, pri } ~ 1:29+1 ~ syntax ~ there is no comma between arguments ~ a space separates them
            bind gpu app ~ 1:10+3 ~ syntax ~ expected 'to', found 'app' ~
            “foo” ~ 1:1+1 ~ stray-character ~ '“' has no meaning here ~ use " as the quote
            print x y ~ 1:9+1 ~ syntax ~ expected an operator or the end of the line, found 'y' ~
            touch buf at notify_start ~ 1:11+15 ~ syntax ~ at needs a block: what to do there ~ at notify_start { gpu: dma read buf }
            use ~ 1:1+3 ~ syntax ~ use needs the name of an actor ~
            break x at y { } ~ 1:9+8 ~ syntax ~ a command runs no block ~ break notify_start at POINT when COND stops there; on notify_start { ... } runs a block
            file 16p ~ 1:6+3 ~ syntax ~ expected ':' or a name, found '16p' ~
            driver x { sync } ~ 1:12+4 ~ syntax ~ expected 'on', '}', a JavaScript fence or the end of the line, found 'sync' ~
            wait a b ~ 1:8+1 ~ syntax ~ wait takes an actor and nothing more ~
            uprobe(A.start + 4) ~ 1:7+1 ~ syntax ~ a '(' right behind a word calls a function ~ put a space between a verb and its argument
            let x = [a ~ 1:9+1 ~ unclosed-bracket ~ '[' is never closed by ']' ~
            \\ ~ 1:1+1 ~ stray-character ~ '\\' has no meaning here ~ a line is continued by \\ as its last character
            on start(r) ~ 1:12+1 ~ syntax ~ expected '{', found the end of input ~
            goto #99999999999999999999999 ~ 1:6+24 ~ bad-number ~ '99999999999999999999999' does not fit into 64 bits ~
            process app threads=[main] ~ 1:13+7 ~ syntax ~ expected '{' or the end of the line, found 'threads' ~
            app.main: mmap 4_K ~ 1:16+3 ~ bad-number ~ '4_K' is neither a number nor a name ~ units are K, M, G, T, p (pages), us and ms
            # comment ~ 1:1+1 ~ stray-character ~ '#' has no meaning here ~ comments begin with //, and #42 is position 42 of the trace
            expect trace app.main: munmap buf ~ 1:34+1 ~ syntax ~ expected '{', found the end of input ~
            either { } ~ 1:11+1 ~ syntax ~ expected 'or' or the end of the line, found the end of input ~
            expect app.main: munmap buf ~ 1:16+1 ~ syntax ~ expect takes a condition, or an errno before a call ~ expect EINVAL app.main: munmap buf
            """)
    void isExplained(String text, String place, String code, String cause, String rest) {
        Diagnostic diagnostic = refused(text.replace("⏎", "\n"));
        String shown = diagnostic.didYouMean().isEmpty() ? diagnostic.hint() : "did you mean " + diagnostic.didYouMean();
        assertThat(place(diagnostic) + " ~ " + diagnostic.code() + " ~ " + diagnostic.cause() + " ~ " + shown)
                .isEqualTo(place + " ~ " + code + " ~ " + cause + " ~ " + (rest == null ? "" : rest));
    }

    @Test
    void zeroBytesAreNoText() {
        Diagnostic diagnostic = refused("app.main:\n \0");
        assertThat(diagnostic.code()).isEqualTo("binary-input");
        assertThat(place(diagnostic)).isEqualTo("2:2+1");
    }

    @Test
    void theLineIsShownWithTheSource() {
        Diagnostic diagnostic = refused("a: b\r\n  c: d )\r\ne: f");
        assertThat(diagnostic.span().text()).isEqualTo("  c: d )");
        assertThat(diagnostic.span().source()).isEqualTo("test.mmu");
    }

    @Test
    void noisePutsOutADiagnosticAndNothingElse() {
        Random random = new Random(20261122);
        String[] pieces = {"a", "app.main", ":", "{", "}", "(", ")", "[", "]", "\"", "${", "```js", "```", "\n", ";", "&", "|", "+", "..", " ",
            "4K", "0x", "'", "at", "when", "if", "else", "either", "or", "let", "=", "==", "expect", "EINVAL", "trace", "on", "race", "#", "#4",
            "\\", "/*", "//", "\ud83d", "\udca5", "é", "\uffff", ",", "."};
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(12); j >= 0; j--) {
                text.append(pieces[random.nextInt(pieces.length)]).append(random.nextBoolean() ? " " : "");
            }
            assertThat(outcome(text.toString())).as(text.toString()).isNotEmpty();
        }
    }

    private static String outcome(String text) {
        try {
            return Parser.parse("noise", text).toString();
        } catch (Refusal refusal) {
            return refusal.diagnostic().cause();
        }
    }

    private static Diagnostic refused(String text) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> Parser.parse("test.mmu", text));
        assertThat(refusal).as("refusal of: " + text).isNotNull();
        return refusal.diagnostic();
    }

    private static String place(Diagnostic diagnostic) {
        return diagnostic.span().line() + ":" + diagnostic.span().column() + "+" + diagnostic.span().length();
    }
}
