package dev.shootdown.js;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.lang.Exploration;
import dev.shootdown.lang.Session;
import dev.shootdown.lang.Status;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Moment;
import dev.shootdown.vocabulary.Diagnostic;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the surface does, on real machines. */
class JavaScriptTest {
    private static final String HEAD = """
            const m = machine({ kernel: '3.19', cpus: 2 })
            const amd0 = m.iommu('amd0', { vendor: 'amd' }), gpu = amd0.device('gpu', { ats: true, pri: true })
            const app = m.process('app', { threads: ['main', 'worker'] })
            """;
    private static final String BOUND = HEAD + """
            m.bind(gpu, app, { pasid: 1, driver: 'range' })
            const buf = app.main.mmap('16K', 'rw')
            """;

    private final Watched front = new Watched();

    private Status run(String text) {
        try (JavaScript javascript = new JavaScript(front, Session::new)) {
            return javascript.execute("a.js", text);
        }
    }

    private Diagnostic refused(String text, Status status) {
        assertThat(run(text)).isEqualTo(status);
        return front.diagnostic();
    }

    private List<String> calls() {
        return front.events.stream()
                .filter(moment -> moment.event() instanceof Event.Call)
                .map(moment -> moment.actor() + ": " + ((Event.Call) moment.event()).op() + " " + ((Event.Call) moment.event()).args())
                .map(String::strip)
                .toList();
    }

    @Test
    void thePinnedSampleRuns() {
        Status status = run(BOUND + """
                app.main.write(buf, 'payload'); gpu.dma.write(buf.at(0, '4K'), { value: 0xab })
                m.on('invalidate_range', e => print(e.start))
                const s = m.scenario('race').race(r => { r(app.main).munmap(buf); r(gpu).dma.write(buf.at(0, '4K')) }).forbid('use_after_free')
                const v = s.explore({ max: 1e6 })
                print(v.verdict, v.holds, v.complete, v.condition, v.events.length > 0, v.events[0].op)
                app.main.munmap(buf)
                """);
        assertThat(front.diagnostics).isEmpty();
        assertThat(status).isEqualTo(Status.HELD);
        assertThat(front.printed().getFirst()).isEqualTo("Never true true forbid use_after_free true munmap");
        assertThat(front.printed().getLast()).matches("[0-9]{15}");
        assertThat(calls()).contains("app.main: write map1 \"payload\"", "gpu: dma write map1[0 +4K] value=171");
    }

    @Test
    void aWitnessAndItsTokenComeWithAVerdict() {
        assertThat(run("""
                const m = machine({ kernel: '3.16' }), amd0 = m.iommu('amd0'), gpu = amd0.device('gpu', { ats: true, pri: true })
                const app = m.process('app')
                m.bind(gpu, app, { driver: 'start' })
                const v = m.scenario('early')
                  .setup(r => { const buf = r(app.main).mmap('4K', 'rw', { as: 'buf' }); r(app.main).touch(buf, { write: true }); return buf })
                  .race((r, buf) => { r(app.main).munmap(buf); r(gpu).dma.write(buf) })
                  .exists('use_after_free').explore()
                print(v.verdict, v.holds, v.witness.length > 0, v.events.some(e => e.event === 'violation' && e.check === 'use_after_free'))
                print(typeof v.seconds)
                """)).isEqualTo(Status.HELD);
        assertThat(front.printed()).containsExactly("Sometimes true true true", "undefined");
    }

    /** What a script is given is not less because somebody wants to see less. */
    @Test
    void aWitnessIsWholeWhereNothingIsShown() {
        String script = """
                const m = machine({ kernel: '3.16' }), app = m.process('app'), buf = app.main.mmap('4K', 'rw')
                print(m.scenario('s').race(r => r(app.main).munmap(buf)).exists('use_after_free').explore().events.length)
                """;
        Watched quiet = Watched.quiet();
        try (JavaScript javascript = new JavaScript(quiet, Session::new)) {
            javascript.execute("a.js", script);
        }
        run(script);
        assertThat(quiet.printed()).isEqualTo(front.printed()).doesNotContain("0");
        assertThat(quiet.witnesses).containsExactly(List.of());
    }

    @ParameterizedTest
    @CsvSource({"machine(5)", "machine('6.6')", "machine([1])"})
    void aMachineTakesAnObject(String text) {
        assertThat(refused(text, Status.REFUSED).code()).isEqualTo("wrong-arguments");
    }

    @Test
    void aDriverMayBeAnObject() {
        String race = """
                const m = machine({ kernel: '3.19' }), gpu = m.iommu('amd0').device('gpu', { ats: true, pri: true }), app = m.process('app')
                m.bind(gpu, app, { driver: { %s } })
                const v = m.scenario('race')
                  .setup(r => { const buf = r(app.main).mmap('4K', 'rw', { as: 'buf' }); r(app.main).touch(buf, { write: true }); return buf })
                  .race((r, buf) => { r(app.main).munmap(buf); r(gpu).dma.write(buf) })
                  .exists('use_after_free').explore()
                print(v.verdict, v.complete)
                """;
        run(race.formatted("range(r) { this.flushIotlb(r); this.sync(); this.flushAtc(r); this.sync() }"));
        run(race.formatted("range: (r, driver) => { driver.flushPasid() }"));
        run(race.formatted("start(r) { this.flushIotlb(r); this.sync(); this.flushAtc(r); this.sync() }"));
        assertThat(front.diagnostics).isEmpty();
        assertThat(front.printed()).containsExactly("Never true", "Never true", "Sometimes true");
    }

    @Test
    void whatADriverRemembersIsInCells() {
        run(HEAD + """
                m.bind(gpu, app, { driver: {
                  start(r) { this.state.open += 1; this.state.last = r.start },
                  end(r) { this.state.open -= this.state.open; print(this.state.open, BigInt(this.state.last) === r.start, r.pages, r.blockable) } } })
                const buf = app.main.mmap('16K', 'rw')
                app.main.touch(buf, { write: true })
                app.main.munmap(buf)
                """);
        assertThat(front.diagnostics).isEmpty();
        assertThat(front.printed()).containsExactly("0 true 4 true");
    }

    @Test
    void aDriversMistakeIsADiagnosticInItsOwnText() {
        run(HEAD + "m.bind(gpu, app, { driver: {\n  range(r) {\n    this.flushItlb(r)\n  } } })\n"
                + "const buf = app.main.mmap('4K', 'rw')\napp.main.touch(buf, { write: true })\napp.main.munmap(buf)\n");
        assertThat(front.diagnostic().code()).isEqualTo("script-error");
        assertThat(front.diagnostic().span().source()).isEqualTo("a.js");
        assertThat(front.diagnostic().span().line()).isEqualTo(6);
    }

    @Test
    void aMisspeltCallbackIsRefused() {
        Diagnostic refused = refused(HEAD + "m.bind(gpu, app, { driver: { rnage(r) {} } })", Status.REFUSED);
        assertThat(refused.code()).isEqualTo("unknown-callback");
        assertThat(refused.didYouMean()).containsExactly("range");
    }

    @Test
    void addressesKeepAllTheirBits() {
        run(BOUND + """
                const high = app.main.mmap(0x7fff_ffff_e000n, 4096n, 'rw', { fixed: true })
                print(high.start === 0x7fff_ffff_e000n, high.end - high.start === 4096n, typeof high.start)
                print(JSON.stringify({ a: 0xffff_ffff_ffff_f000n }))
                """);
        assertThat(front.diagnostics).isEmpty();
        assertThat(front.printed()).containsExactly("true true bigint", "{\"a\":\"0xfffffffffffff000\"}");
    }

    @Test
    void aNumberThatIsNotExactIsRefused() {
        assertThat(refused(HEAD + "app.munmap(2 ** 60)", Status.REFUSED).hint()).contains("BigInt");
    }

    @Test
    void propertiesHaveTheirTypes() {
        run(BOUND + """
                app.main.touch(buf, { write: true })
                print(buf.resident, buf.pages, gpu.state, gpu.requests, app.alive, app.main.done, m.count('vma'), m.mapped(buf.start))
                print(typeof buf.resident, typeof gpu.state, typeof app.alive)
                """);
        assertThat(front.diagnostics).isEmpty();
        assertThat(front.printed()).containsExactly("4 4 running 0 true true 1 true", "number string boolean");
    }

    @Test
    void aCallThatFailsIsAnErrorThatCanBeCaught() {
        assertThat(run(BOUND + "try { app.main.mmap(0, 'rw') } catch (e) { print(e instanceof ShootdownError, e.errno) }")).isEqualTo(Status.HELD);
        assertThat(front.diagnostics).isEmpty();
        assertThat(front.printed()).containsExactly("true EINVAL");
    }

    @Test
    void aCallThatFailsEndsTheScriptWhereItStands() {
        Diagnostic failed = refused(BOUND + "\n  app.main.mmap(0, 'rw')\nprint('never')", Status.FAILED);
        assertThat(failed.code()).isEqualTo("EINVAL");
        assertThat(failed.span().line()).isEqualTo(7);
        assertThat(failed.span().column()).isEqualTo(3);
        assertThat(front.printed()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            throw { a: 1 }                                                 | the script threw {"a":1}       | 1
            throw 'so'                                                     | the script threw so            | 1
            throw new Proxy({}, { getPrototypeOf() { throw 2 } })          | the script threw an object     | 1
            Promise.reject(new Error('later'))                             | Error: later                   | 1
            async function f() { await null; throw new Error('late') } f() | Error: late                    | 1
            Promise.reject(5)                                              | Error: Unhandled promise rejection: 5 | 0
            """)
    void whatIsThrownAtNobodyIsTold(String text, String cause, int line) {
        Diagnostic thrown = refused(text, Status.FAILED);
        assertThat(thrown.cause()).isEqualTo(cause);
        assertThat(thrown.span().source()).isEqualTo("a.js");
        assertThat(thrown.span().line()).isEqualTo(line);
    }

    @Test
    void anUnknownWordIsRefusedWithWhatMayHaveBeenMeant() {
        Diagnostic refused = refused(HEAD + "app.main.madvize('0 +4K', 'dontneed')", Status.REFUSED);
        assertThat(refused.code()).isEqualTo("unknown-member");
        assertThat(refused.didYouMean()).containsExactly("madvise");
        assertThat(refused.span().line()).isEqualTo(4);
    }

    @Test
    void anUnknownOptionIsRefused() {
        assertThat(refused(HEAD + "app.main.mmap('4K', 'rw', { sharred: true })", Status.REFUSED).didYouMean()).containsExactly("shared");
    }

    @Test
    void whatTheLanguageRefusesInAScenarioHasItsPlaceInTheScript() {
        Diagnostic refused = refused(BOUND + "m.scenario('s').race(r => {\n  r(app.main).munmap(buf)\n}).forbid(\n  'use_after_fre').explore()", Status.REFUSED);
        assertThat(refused.span().source()).isEqualTo("a.js");
        assertThat(refused.span().line()).isGreaterThanOrEqualTo(6);
        assertThat(refused.didYouMean()).contains("use_after_free");
    }

    @Test
    void aStringCannotSmuggleInAStatement() {
        assertThat(refused(BOUND + "app.main.munmap('0 +4K; app.main: exit')", Status.REFUSED).code()).isEqualTo("bad-argument");
    }

    @Test
    void aCallInsideARaceThatIsNotPartOfItIsRefused() {
        assertThat(refused(BOUND + "m.scenario('s').race(r => { app.main.munmap(buf) })", Status.REFUSED).code()).isEqualTo("outside-race");
    }

    @Test
    void whatIsToldOfAnEventCannotAct() {
        assertThat(refused(BOUND + "m.on('vma', e => app.main.nop())\napp.main.munmap(buf)", Status.REFUSED).code()).isEqualTo("in-event");
    }

    @Test
    void chosenBlocksAndStopsAreWrittenDown() {
        run(BOUND + """
                app.main.munmap(buf, { at: { notify_start: r => r(gpu).dma.write(buf.at(0), { value: 1 }) } })
                m.scenario('s').setup(r => r(app.main).mmap('8K', 'rw', { as: 'two' }))
                  .race((r, two) => r.either(() => r(app.main).munmap(two), () => r(app.main).touch(two)))
                print(m.transcript().includes('either { app.main: munmap two } or { app.main: touch two }'))
                m.scenario('t').race(r => { r(app.main).nop() }).run()
                print(m.transcript().includes('scenario t'))
                """);
        assertThat(front.diagnostics).isEmpty();
        assertThat(front.printed()).containsExactly("false", "true");
        assertThat(calls()).contains("gpu: dma write map1[0] value=1");
    }

    @Test
    void aForkedChildIsAProcess() {
        run(BOUND + "const child = app.main.fork('child')\nchild.main.touch(buf)\nchild.exit()\nprint(child.alive)");
        assertThat(front.diagnostics).isEmpty();
        assertThat(front.printed()).containsExactly("false");
    }

    @Test
    void exploreOnTheCommandLineExploresWhatTheScriptDeclares() {
        String text = BOUND + "app.main.touch(buf, { write: true })\nm.scenario('a').race(r => { r(app.main).munmap(buf); r(gpu).dma.write(buf.at(0)) })"
                + ".forbid('use_after_free').explore()\nprint('quiet')";
        try (JavaScript javascript = new JavaScript(front, Session::new)) {
            assertThat(javascript.explore("a.js", text, Exploration.everything())).isEqualTo(Status.HELD);
        }
        assertThat(front.events.stream().map(Moment::event).toList()).hasSize(1).first().isInstanceOf(Event.Verdict.class);
    }

    @Test
    void aPromptRemembers() {
        try (JavaScript javascript = new JavaScript(front, Session::new)) {
            assertThat(javascript.evaluate("js", "const m = machine(); const app = m.process('app')")).isEqualTo(Status.HELD);
            assertThat(javascript.evaluate("js", "for (;;);")).isEqualTo(Status.BOUND);
            assertThat(javascript.evaluate("js", "1 + 1")).isEqualTo(Status.HELD);
            assertThat(javascript.incomplete("app.main.mmap(")).isTrue();
            assertThat(javascript.incomplete("app.main.nop()")).isFalse();
        }
    }
}
