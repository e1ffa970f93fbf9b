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
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TextViewTest {
    private final StringWriter data = new StringWriter();
    private final StringWriter talk = new StringWriter();

    private TextView view(boolean quiet, boolean full) {
        TextView.Manner manner = new TextView.Manner(Theme.PLAIN, Theme.PLAIN, quiet, full, false);
        return new TextView(new PrintWriter(data), new PrintWriter(talk), manner, Samples.NAMES, () -> false);
    }

    @Test
    void aLineAnEventAndOneForARunOfEntriesOrPages() {
        TextView view = view(false, false);
        Samples.race().forEach(view::event);
        view.event(Samples.returned());
        view.settle();
        assertThat(data).hasToString("""
                     1  app.main     call               munmap buf
                     2  app.main     notify_start       buf                     UNMAP
                     3  app.main     callback           buf                     start driver=start
                     4  app.main     command            INVALIDATE_IOMMU_PAGES  buf pasid=1 0x3000000000000001 0x7ffffffffff007
                     5  amd0         iotlb_invalidate   buf                     pasid=1 dropped=2
                     6  gpu          translate          buf[0]                  atc hit
                     7  gpu          translate          buf[0]                  walk miss
                     8  app.main     pte                buf                     clear pages=4
                    11  app.main     cpu_flush          buf                     pages=4 tables
                    12  app.main     page_free          frame 0x21              pages=2 owner=app
                    14  app.main     page_free          frame 0x30              owner=app
                    15  gpu          dma                buf[0 +4K]              write done frame=0x21
                    15  gpu          violation          use_after_free          because=#12 frame=0x21 addr=0x7f0000000000
                    16  app.main     return             munmap                  = 0
                    17  app.main     return             mmap                    = 0x7f0000000000
                """);
    }

    @Test
    void aWitnessIsATableOfWhatChanged() {
        view(false, false).witness("witness of munmap_vs_dma", Samples.race());
        assertThat(data).hasToString("""
                witness of munmap_vs_dma
                step  app.main                                amd0                  gpu
                   1  call munmap buf
                   2  notify_start buf UNMAP
                   3  callback buf start driver=start
                   4  INVALIDATE_IOMMU_PAGES ->
                   5                                          iotlb_invalidate buf
                   7                                                                translate buf[0] walk miss
                   8  pte buf clear pages=4
                  11  cpu_flush buf pages=4 tables
                  12  page_free frame 0x21 pages=2 owner=app
                  14  page_free frame 0x30 owner=app
                  15                                                                dma buf[0 +4K] write done frame=0x21
                  15                                                                VIOLATION use_after_free because of #12
                """);
    }

    /** Of six actors, say: what each does is still whole. */
    @Test
    void theColumnsOfAWideWitnessBeginBelowOneAnother() {
        List<Moment> race = LongStream.rangeClosed(1, 6)
                .mapToObj(step -> new Moment(step, "app.thread" + step, new Event.TableFree("app", 0x1000_0000_0000L + step, 1))).toList();
        view(false, false).witness("", race);
        assertThat(data).hasToString("""
                step  app.thread1        app.thread2        app.thread3        app.thread4        app.thread5        app.thread6
                   1  table_free frame 0x100000000001 level=1
                   2                     table_free frame 0x100000000002 level=1
                   3                                        table_free frame 0x100000000003 level=1
                   4                                                           table_free frame 0x100000000004 level=1
                   5                                                                              table_free frame 0x100000000005 level=1
                   6                                                                                                 table_free frame 0x100000000006 level=1
                """);
    }

    @Test
    void aFullWitnessLeavesNothingOut() {
        view(false, true).witness("", Samples.race());
        assertThat(data.toString()).contains("translate buf[0] atc hit").contains("return munmap = 0");
    }

    @Test
    void aLongTurnOfOneActorIsCutInTheMiddle() {
        List<Moment> turn = LongStream.rangeClosed(1, 14)
                .mapToObj(step -> Samples.app(step, new Event.TableFree("app", step, 1))).toList();
        view(false, false).witness("", turn);
        assertThat(data).hasToString("""
                step  app.main
                   1  table_free frame 0x1 level=1
                   2  table_free frame 0x2 level=1
                   3  table_free frame 0x3 level=1
                   4  table_free frame 0x4 level=1
                   5  table_free frame 0x5 level=1
                   6  table_free frame 0x6 level=1
                      (5 more)
                  12  table_free frame 0xc level=1
                  13  table_free frame 0xd level=1
                  14  table_free frame 0xe level=1
                """);
    }

    @Test
    void whereNoRunEndsThatIsSaidAboveWhatHoldsOfNone() {
        view(true, false).event(new Moment(0, "", new Event.Verdict("storm", "expect gpu.faults == 0", "Never", true, true, null, 9, 9, 0, 0L, null, null,
                null, null, null)));
        assertThat(data).asString().startsWith("""
                storm: 0 ends, every run goes on for ever
                  holds  expect gpu.faults == 0: Never, complete
                """);
    }

    @Test
    void verdictsOfOneSearchShareABlock() {
        TextView view = view(false, false);
        view.event(verdict("exists use_after_free", "Sometimes", true, true, 3L, "w1.abc", null));
        view.event(verdict("forbid device_failed", "Never", true, true, null, null, null));
        view.event(verdict("forbid use_after_free", "Sometimes", false, true, 3L, "w1.abc", null));
        view.event(verdict("maximum gpu.requests", null, true, true, null, null, 4L));
        view.event(verdict("forbid leak", "Never", true, false, null, null, null));
        assertThat(data).hasToString("""
                munmap_vs_dma: 12 ends
                  holds  exists use_after_free: Sometimes 3 of 12, complete
                         replay w1.abc
                  holds  forbid device_failed: Never, complete
                  FAILS  forbid use_after_free: Sometimes 3 of 12, complete
                         replay w1.abc
                         maximum gpu.requests: 4, complete
                  holds  forbid leak: Never, stopped at 2 preemptions, not a proof
                """);
        assertThat(talk).hasToString("""
                12345 states, 45678 transitions in 0.25 s
                """);
    }

    @Test
    void theSameScenarioExploredAgainIsAnotherBlock() {
        TextView view = view(true, false);
        view.event(verdict("forbid leak", "Never", true, true, null, null, null));
        view.event(verdict("forbid leak", "Never", true, true, null, null, null));
        view.settle();
        assertThat(data).hasToString("munmap_vs_dma: 12 ends\n  holds  forbid leak: Never, complete\n".repeat(2));
    }

    @Test
    void quietShowsWhatWasAskedForByName() {
        TextView view = view(true, false);
        assertThat(view.kinds()).isEqualTo(Kind.PRINT.bit() | Kind.VERDICT.bit() | Kind.MUTANT.bit());
        view.event(Samples.app(1, new Event.Print("hello\nthere")));
        view.witness("witness", Samples.race());
        view.event(verdict("forbid leak", "Never", true, true, null, null, null));
        view.settle();
        assertThat(data).hasToString("hello\nthere\nmunmap_vs_dma: 12 ends\n  holds  forbid leak: Never, complete\n");
        assertThat(talk).hasToString("");
    }

    @Test
    void whatOnlyCheckersSeeIsNeverAskedFor() {
        assertThat(view(false, false).kinds() & (Kind.CPU_ACCESS.bit() | Kind.TABLE_READ.bit() | Kind.DIAGNOSTIC.bit())).isZero();
    }

    @Test
    void aListingIsATable() {
        TextView view = view(false, false);
        view.listing(new Listing("actors", List.of("actor", "steps", "next"), List.of(
                List.of("app.main", "3", "ZapPte"), List.of("gpu", "12,000", ""), List.of("amd0", "7", "Fetch\u001b[31m"))));
        view.listing(Listing.lines("", List.of("one", "two")));
        assertThat(data).hasToString("""
                actors
                actor      steps  next
                app.main       3  ZapPte
                gpu       12,000
                amd0           7  Fetch\u241b[31m
                one
                two
                """);
    }

    @Test
    void aDiagnosticIsTalkBehindTheDataBeforeIt() {
        TextView view = view(false, false);
        view.event(Samples.app(1, new Event.Pte("app", "set", 0x1000, 0x2000, 1, null)));
        view.diagnostic(Diagnostic.error("no-file", Span.whole("x.mmu"), "there is no such file"));
        assertThat(data.toString()).contains("0x1000 +4K");
        assertThat(talk).hasToString("x.mmu: error: there is no such file [no-file]\n");
    }

    private static Moment verdict(String condition, String verdict, boolean holds, boolean complete, Long happened, String witness, Long value) {
        return new Moment(0, "", new Event.Verdict("munmap_vs_dma", condition, verdict, holds, complete,
                complete ? null : "2 preemptions", 12_345, 45_678, 12, happened, 0.25, null, null, witness, value));
    }
}
