package dev.shootdown.lang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shootdown.lang.tree.Condition;
import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.tree.Statement;
import dev.shootdown.lang.tree.Unit;
import dev.shootdown.vocabulary.Refusal;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the tree says of a text, how deep it may be nested, and when an input is only a beginning. */
class ParserTest {
    @Test
    void argumentsAreKeptAsWritten() {
        Statement.Perform perform = (Statement.Perform) only("app.main:  mmap  0x1000  4K rw at pte { a: b } when x &");
        assertThat(perform.actor().orElseThrow().text()).isEqualTo("app.main");
        assertThat(perform.inFlight()).isTrue();
        assertThat(perform.calls().getFirst().written()).isEqualTo("0x1000  4K rw");
        assertThat(perform.calls().getFirst().stops()).hasSize(1);
        assertThat(perform.calls().getFirst().when()).isPresent();
    }

    @Test
    void plusIsALengthInArgumentsAndASumInConditions() {
        Statement.Perform perform = (Statement.Perform) only("a: touch 0x1000 +4K");
        assertThat(perform.calls().getFirst().arguments()).hasSize(1);
        assertThat(perform.calls().getFirst().arguments().getFirst().value()).isInstanceOf(Expression.Extent.class);
        assertThat(((Statement.Print) only("print 0x1000 +4K")).value()).isInstanceOf(Expression.Binary.class);
    }

    @Test
    void numbersCarryTheirUnits() {
        assertThat(Numbers.read("4K")).hasValue(new Numbers.Literal(4096, Unit.KIB));
        assertThat(Numbers.read("3p")).hasValue(new Numbers.Literal(3 * 4096, Unit.PAGES));
        assertThat(Numbers.read("5ms")).hasValue(new Numbers.Literal(5_000, Unit.MILLISECONDS));
        assertThat(Numbers.read("0xffff_ffff_ffff_ffff")).hasValue(new Numbers.Literal(-1, Unit.NONE));
        assertThat(Numbers.read("0b1_01")).hasValue(new Numbers.Literal(5, Unit.NONE));
        assertThat(Numbers.read("16777216T")).isEmpty();
        assertThat(Numbers.read("4KB")).isEmpty();
    }

    @Test
    void stringsAreUnescaped() {
        Statement.Print print = (Statement.Print) only("print \"a\\n\\x41\\\"$b ${x}\"");
        assertThat(((Expression.Text) print.value()).parts().getFirst()).isEqualTo(new Expression.Literal("a\nA\"$b "));
        assertThat(((Expression.Text) print.value()).parts()).hasSize(2);
    }

    @Test
    void conditionsAreKeptAsWritten() {
        assertThat(((Condition) only("expect  (app.rss\n   == 4p)")).written()).isEqualTo("expect  (app.rss == 4p)");
        assertThat(((Condition) only("expect (\"//\" // why\n  == b)")).written()).isEqualTo("expect (\"//\" == b)");
        Condition.ExpectFailure failure = (Condition.ExpectFailure) only("expect SIGSEGV MAPERR app.main: read 0x1000");
        assertThat(failure.codes()).extracting(code -> code.text()).containsExactly("SIGSEGV", "MAPERR");
    }

    @Test
    void multiplicationBindsTighterThanAddition() {
        Expression.Binary sum = (Expression.Binary) ((Statement.Print) only("print 1 + 2 * 3")).value();
        assertThat(sum.operator().written()).isEqualTo("+");
    }

    @ParameterizedTest
    @ValueSource(strings = {"print (|1|)", "if x { | a: b | }", "a: b at c { | d: e | }", "either { } or {|  | }", "print \"${|1|}\"", "a: b x[|1|]"})
    void nestsAThousandDeepAndNoDeeper(String shape) {
        String[] parts = shape.split("\\|");
        String keyword = parts[0].startsWith("print (") ? "print " : parts[0].startsWith("print") ? "print " : parts[0].startsWith("a: b x") ? "a: b " : "";
        String open = parts[0].substring(keyword.length());
        assertThat(Parser.parse("", keyword + open.repeat(1_000) + parts[1] + parts[2].repeat(1_000)).statements()).hasSize(1);
        assertThatThrownBy(() -> Parser.parse("", keyword + open.repeat(1_001) + parts[1] + parts[2].repeat(1_001)))
                .isInstanceOfSatisfying(Refusal.class, refusal -> assertThat(refusal.diagnostic().code()).isEqualTo("nested-too-deep"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a ", "{", "(", "!", "a.", "\"", "#", "1", "a;", "// "})
    void tenMegabytesOnALineAreReadOrRefused(String piece) {
        String line = "print " + piece.repeat(10_000_000 / piece.length());
        String outcome;
        try {
            outcome = "statements " + Parser.parse("", line).statements().size();
        } catch (Refusal refusal) {
            outcome = refusal.diagnostic().cause();
        }
        assertThat(outcome).isNotEmpty().hasSizeLessThan(300);
    }

    static List<Path> scripts() {
        return Corpus.scripts().stream().filter(path -> !path.toString().contains("golden")).toList();
    }

    /** A beginning that ends with a line is complete, incomplete, or wrong; inside braces it is never complete. */
    @ParameterizedTest
    @MethodSource("scripts")
    void insideBracesABeginningIsIncomplete(Path script) {
        StringBuilder beginning = new StringBuilder();
        for (String line : Corpus.read(script).lines().toList()) {
            beginning.append(line);
            Tokens tokens = Tokens.of(new Source("", beginning.toString()));
            boolean open = !tokens.openBlocks().isEmpty() || !tokens.openBrackets().isEmpty();
            assertThat(Parser.incomplete(beginning.toString()) || !open).as(beginning.toString()).isTrue();
            beginning.append('\n');
        }
        assertThat(Parser.incomplete(beginning.toString())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"scenario a {", "let x =", "a: munmap (b", "```js\nfoo", "/* a", "a: b \\", "app.main:", "if x { } else"})
    void beginnings(String text) {
        assertThat(Parser.incomplete(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a: b", "print \"abc", "a: b )", "machine { kernel=6.1", "let x =\n", "}"})
    void notBeginnings(String text) {
        assertThat(Parser.incomplete(text)).isFalse();
    }

    private static Statement only(String text) {
        List<Statement> statements = Parser.parse("", text).statements();
        assertThat(statements).hasSize(1);
        return statements.getFirst();
    }
}
