package dev.shootdown.js;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.lang.Session;
import dev.shootdown.lang.Status;
import dev.shootdown.vocabulary.Diagnostic;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a script cannot do, and what is said to it then. */
class SandboxTest {
    private static final Limits SMALL = new Limits(1_000_000, 1_000);

    private final AtomicBoolean interrupted = new AtomicBoolean();
    private final Watched front = new Watched(interrupted::get);

    private Status run(String text) {
        try (JavaScript javascript = new JavaScript(front, Session::new, SMALL)) {
            return javascript.execute("a.js", text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"load('/etc/passwd')", "Java.type('java.lang.System')", "import x from '/etc/passwd'", "import('/etc/passwd')",
            "require('fs')", "new Date()", "Math.random()", "setTimeout(() => 1, 1)", "fetch('http://localhost')", "new Worker('x')",
            "Packages.java.lang.System.exit(1)", "Polyglot.eval('js', '1')", "new SharedArrayBuffer(1)", "machine().say('include \"/etc/passwd\"')"})
    void whatReachesOutIsRefusedWithOneDiagnostic(String text) {
        assertThat(run("\n " + text)).isEqualTo(Status.REFUSED);
        Diagnostic refused = front.diagnostic();
        assertThat(refused.code()).isEqualTo("outside-sandbox");
        assertThat(refused.span().source()).isEqualTo("a.js");
        assertThat(refused.span().line()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"machine.constructor('return this')().Java.type('java.lang.System')", "print.constructor('return Java')()",
            "machine().process('a').main.getClass()", "machine().getClass()", "java.lang.System.exit(1)", "machine.getClass().forName('x')"})
    void thereIsNoWayRound(String text) {
        assertThat(run(text)).isIn(Status.REFUSED, Status.FAILED);
        assertThat(front.diagnostics).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"for (;;);", "while (true) { try { for (;;); } catch (e) {} }", "function f() { for (;;); }\nf()"})
    void anEndlessLoopIsStopped(String text) {
        assertThat(run(text)).isEqualTo(Status.BOUND);
        assertThat(front.diagnostic().code()).isEqualTo("statement-limit");
        assertThat(front.diagnostic().span().line()).isEqualTo(1);
    }

    @Test
    void anEndlessLoopOfStatementsIsStopped() {
        assertThat(run("const a = machine().process('a')\nfor (;;) a.main.nop()")).isEqualTo(Status.BOUND);
        assertThat(front.diagnostic().code()).isEqualTo("statement-limit");
        assertThat(front.diagnostic().span().line()).isEqualTo(2);
    }

    @Test
    void deepRecursionIsAnError() {
        assertThat(run("function f() { return f() + 1 }\nf()")).isEqualTo(Status.FAILED);
        assertThat(front.diagnostic().cause()).contains("call stack");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'x'.repeat(2 ** 30)", "new ArrayBuffer(2 ** 40)", "new Float64Array(2 ** 33)"})
    void oneHugeThingIsAnError(String text) {
        assertThat(run(text)).isEqualTo(Status.FAILED);
        assertThat(front.diagnostic().cause()).startsWith("RangeError");
    }

    @Test
    void ctrlCStopsALoop() throws InterruptedException {
        Thread user = Thread.ofPlatform().start(() -> {
            try {
                Thread.sleep(300);
            } catch (InterruptedException never) {
                Thread.currentThread().interrupt();
            }
            interrupted.set(true);
        });
        try (JavaScript javascript = new JavaScript(front, Session::new, new Limits(Long.MAX_VALUE, 1_000))) {
            assertThat(javascript.execute("a.js", "for (;;) { try { for (;;); } catch (e) {} }")).isEqualTo(Status.INTERRUPTED);
            interrupted.set(false);
            assertThat(javascript.evaluate("js", "print(1 + 1)")).isEqualTo(Status.HELD);
        }
        user.join();
        assertThat(front.diagnostics).isEmpty();
        assertThat(front.printed()).containsExactly("2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            let a = ;                  ~ syntax       ~ 1 ~ 9
            1; throw new Error('x')    ~ script-error ~ 1 ~ 10
            ({}).x.y                   ~ script-error ~ 1 ~ 1
            eval('1 +')                ~ syntax       ~ 1 ~ 1
            throw 7                    ~ script-error ~ 1 ~ 1
            """)
    void anErrorHasItsPlace(String text, String code, int line, int column) {
        assertThat(run(text)).isIn(Status.REFUSED, Status.FAILED);
        assertThat(front.diagnostic().code()).isEqualTo(code);
        assertThat(front.diagnostic().span().line()).isEqualTo(line);
        assertThat(front.diagnostic().span().column()).isEqualTo(column);
    }

    @Test
    void aPromiseThatFailsIsNotLost() {
        assertThat(run("Promise.resolve().then(() => { throw new Error('late') })")).isEqualTo(Status.FAILED);
        assertThat(front.diagnostic().cause()).isEqualTo("Error: late");
    }

    @Test
    void aNameThatIsRefusedMayBeDeclared() {
        assertThat(run("const load = 2, Date = 3\nlet process = 4\nprint(load + Date + process)")).isEqualTo(Status.HELD);
        assertThat(front.printed()).containsExactly("9");
    }

    @Test
    void printShowsPlainValues() {
        assertThat(run("print({ a: 1n, b: [1, 2] }, [1], null, undefined, 'x\\t\"$'); console.log('same')")).isEqualTo(Status.HELD);
        assertThat(front.printed()).containsExactly("{\"a\":\"0x1\",\"b\":[1,2]} [1] null undefined x\t\"$", "same");
    }
}
