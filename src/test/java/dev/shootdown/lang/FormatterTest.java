package dev.shootdown.lang;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Formatting keeps the meaning and the comments, and doing it twice is doing it once. */
class FormatterTest {
    static List<Path> scripts() {
        return Corpus.scripts();
    }

    @Test
    void canonicalLayout() {
        String untidy = """
                #!/usr/bin/env shootdown
                //  first


                machine   {cpus = 2
                memory=1G}
                scenario  s{

                let  buf=app.main :mmap 16K  rw ;
                    race { app.main:munmap buf[ 0+4K ] ;; gpu: dma read buf[+ 4K]&  }   // why

                  /* over
                     lines */
                  forbid stale_read||! ( app.rss+1 == -2 )
                }
                """;
        assertThat(Formatter.format("untidy", untidy)).isEqualTo("""
                #!/usr/bin/env shootdown
                //  first

                machine { cpus=2
                  memory=1G }
                scenario s {
                  let buf = app.main: mmap 16K rw
                  race { app.main: munmap buf[0 +4K]; gpu: dma read buf[+4K] & } // why

                  /* over
                     lines */
                  forbid stale_read || !(app.rss + 1 == -2)
                }
                """);
    }

    static List<Path> committed() {
        return Corpus.scripts().stream().filter(script -> script.startsWith("scripts")).toList();
    }

    @ParameterizedTest
    @MethodSource("committed")
    void whatUsersRunIsFormatted(Path script) {
        String text = Corpus.read(script);
        assertThat(Formatter.format(script.toString(), text)).isEqualTo(text);
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void keepsMeaningAndCommentsAndIsIdempotent(Path script) {
        check(Corpus.read(script));
    }

    @Test
    void spacesMakeNoDifference() {
        Random random = new Random(7);
        for (Path script : scripts().subList(scripts().size() - 6, scripts().size())) {
            String text = Corpus.read(script);
            String formatted = Formatter.format("", text);
            for (int i = 0; i < 20; i++) {
                String spread = widen(formatted, random);
                assertThat(Formatter.format("", spread)).as(script.toString()).isEqualTo(formatted);
            }
        }
    }

    @Test
    void whateverParsesKeepsItsMeaning() {
        Random random = new Random(11);
        String[] pieces = {"a", "a: b", "c.d", "{", "}", "(", ")", "x(", "[", "]", "\"s\"", "\"${", "}\"", "\n", ";", "&", "| B", "A", "+", "..", " 4K",
            "0x1", "at e {", "when x", "if x {", "else", "let y =", "=", "==", "expect", "expect EINVAL", "-", "!", "// c\n", "/* d */", "\\\n", "k=", ","};
        int parsed = 0;
        for (int i = 0; i < 30_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(9); j >= 0; j--) {
                text.append(pieces[random.nextInt(pieces.length)]).append(random.nextInt(4) > 0 ? " " : "");
            }
            if (parses(text.toString())) {
                parsed++;
                check(text.toString());
            }
        }
        assertThat(parsed).isGreaterThan(500);
    }

    private static boolean parses(String text) {
        try {
            Parser.parse("", text);
            return true;
        } catch (dev.shootdown.vocabulary.Refusal refusal) {
            return false;
        }
    }

    /** Wider indentation, and blanks at the ends of lines. */
    private static String widen(String text, Random random) {
        boolean fenced = false;
        boolean comment = false;
        StringBuilder wide = new StringBuilder();
        for (String line : text.lines().toList()) {
            boolean verbatim = fenced || comment;
            fenced ^= line.contains("```");
            comment = (comment || line.contains("/*")) && !line.contains("*/");
            boolean keep = verbatim || fenced || comment || line.startsWith("#!");
            wide.append(keep ? line : " ".repeat(random.nextInt(5)) + line + " ".repeat(random.nextInt(3))).append('\n');
        }
        return wide.toString();
    }

    private static void check(String text) {
        String formatted = Formatter.format("", text);
        assertThat(Shape.of(Parser.parse("", formatted))).as(text).isEqualTo(Shape.of(Parser.parse("", text)));
        assertThat(Formatter.format("", formatted)).as(text).isEqualTo(formatted);
        assertThat(comments(formatted)).isEqualTo(comments(text));
    }

    private static List<String> comments(String text) {
        return Tokens.of(new Source("", text)).all().stream()
                .filter(token -> token.getChannel() == dev.shootdown.lang.grammar.ShootdownLexer.COMMENTS)
                .map(token -> token.getText().stripTrailing())
                .toList();
    }
}
