package dev.shootdown.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.lang.Listing;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import dev.shootdown.trace.Moment;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Span;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonViewTest {
    private final StringWriter data = new StringWriter();
    private final StringWriter talk = new StringWriter();
    private final JsonView view = new JsonView(new PrintWriter(data), new PrintWriter(talk), false, true, () -> false);

    @Test
    void anObjectALineWithTheFieldsOfTheAlphabet() {
        view.event(new Moment(42, "app.main", new Event.NotifyEnd("app", 0x1000, ~0L, null, true, false)));
        view.event(new Moment(43, "gpu", new Event.Dma("gpu", 1, 0x1000, 64, "write", 7L, "done", 99)));
        view.event(new Moment(44, "app.main", new Event.Command("amd0", "COMPLETION_WAIT", List.of(0x1000000000000001L, -1L), null, null, null, null)));
        view.event(Samples.returned());
        view.event(new Moment(46, "app.main", new Event.Return("app", "read", "a \"b\"\n", null)));
        assertThat(data).hasToString("""
                {"v":1,"step":42,"actor":"app.main","event":"notify_end","process":"app","start":"0x1000","end":"0xffffffffffffffff","blockable":true,"only_end":false}
                {"v":1,"step":43,"actor":"gpu","event":"dma","device":"gpu","pasid":1,"addr":"0x1000","len":64,"access":"write","frame":"0x7","outcome":"done"}
                {"v":1,"step":44,"actor":"app.main","event":"command","iommu":"amd0","name":"COMPLETION_WAIT","words":["0x1000000000000001","0xffffffffffffffff"]}
                {"v":1,"step":17,"actor":"app.main","event":"return","process":"app","op":"mmap","result":"0x7f0000000000"}
                {"v":1,"step":46,"actor":"app.main","event":"return","process":"app","op":"read","result":"a \\"b\\"\\n"}
                """);
    }

    @Test
    void aDiagnosticIsAnEventOfTheStream() {
        view.diagnostic(Diagnostic.error("unknown-verb", new Span("a.mmu", 2, 5, 3, "app: xx"), "there is no verb 'xx'").didYouMean(List.of("nop")));
        assertThat(data).hasToString("""
                {"v":1,"step":0,"event":"diagnostic","code":"unknown-verb","severity":"error","source":"a.mmu","line":2,"column":5,"cause":"there is no verb 'xx'","hint":"did you mean nop?"}
                """);
    }

    @Test
    void aVerdictSaysEverything() {
        view.event(new Moment(0, "", new Event.Verdict("race", "forbid leak", "Never", true, true, null, 10, 20, 3, 0L, 0.5, null, null, null, null)));
        assertThat(data).hasToString("""
                {"v":1,"step":0,"event":"verdict","scenario":"race","condition":"forbid leak","verdict":"Never","holds":true,"complete":true,"states":10,"transitions":20,"ends":3,"happened":0,"seconds":0.5}
                """);
    }

    /** Progress is talk: never among the objects, and taken away before the next of them. */
    @Test
    void progressIsNotAmongTheObjects() {
        view.progress("race: search, 10 states");
        view.event(new Moment(1, "", new Event.Print("x")));
        view.progress("");
        assertThat(data.toString().lines()).hasSize(1);
        assertThat(talk).hasToString("\r\u001b[Krace: search, 10 states\r\u001b[K");
    }

    @Test
    void aListingIsOneObject() {
        view.listing(new Listing("actors", List.of("actor", "steps"), List.of(List.of("gpu", "1"))));
        view.listing(Listing.lines("help", List.of("one")));
        assertThat(data).hasToString("""
                {"v":1,"step":0,"event":"listing","title":"actors","rows":[{"actor":"gpu","steps":"1"}]}
                {"v":1,"step":0,"event":"listing","title":"help","rows":["one"]}
                """);
    }

    /** Whatever a field holds, the line is JSON, and says the kind; what only checkers see stays out of the alphabet's. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void everyKindOfEventHasALine(Kind kind) throws ReflectiveOperationException {
        view.event(new Moment(1, "x", EventMaker.make(kind)));
        JsonNode line = JsonMapper.shared().readTree(data.toString());
        assertThat(line.get("event").asString()).isEqualTo(kind.word());
        assertThat(line.has("born")).isEqualTo(!kind.inAlphabet());
    }
}
