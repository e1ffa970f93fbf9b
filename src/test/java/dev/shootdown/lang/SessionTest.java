package dev.shootdown.lang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.trace.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What statements do, one after the other. */
class SessionTest {
    private static final String APP = "process app { threads=[main, worker] }\nlet buf = app.main: mmap 16K rw\n";
    private static final String GPU = "machine { kernel=\"6.6\" }\niommu amd0\ndevice gpu behind amd0 { ats pri }\n" + APP
            + "bind gpu to app pasid=1\napp.main: touch buf write\n";

    private final Audience audience = new Audience();

    private Status run(String script) {
        return new Session(audience).execute("test.mmu", script);
    }

    private List<String> printed(String script) {
        assertThat(run(script)).as(() -> audience.diagnostics.toString()).isEqualTo(Status.HELD);
        return audience.printed();
    }

    @Test
    void rangesAndNumbers() {
        assertThat(printed("let a = 0x10000..0x18000\nprint a\nprint a[4K]\nprint a[+4K]\nprint a[4K..8K].size\nprint a.pages\nprint 1 + 2 * 3\nprint 3p\n"))
                .containsExactly("0x10000..0x18000", "0x11000..0x12000", "0x10000..0x11000", "4096", "8", "7", "12288");
    }

    /** As a debugger has it: a difference may be below 0, an address never is. */
    @Test
    void numbersBelowZero() {
        assertThat(printed(APP + "print -1\nprint count(vma) - 5\nprint -7 / 2\nprint -1 & 0xff\nprint (0x0 .. 0xffffffffffffffff).size\n"
                + "expect count(vma) - 5 < 0\nexpect -1 < buf.start\nexpect -1 != 0xffffffffffffffff\nprint -1 in 0..5"))
                .containsExactly("-1", "-4", "-3", "255", "0xffffffffffffffff", "false");
    }

    /** As in C: what its other side rules out is no mistake. */
    @Test
    void andAndOrStopWhereTheyAreDecided() {
        assertThat(printed("if count(pte) != 0 && 10 / count(pte) > 1 { print 1 } else { print 2 }\nprint count(pte) == 0 || 1 / count(pte) == 1"))
                .containsExactly("2", "true");
        assertThat(run("print 1 / count(pte) == 1 || count(pte) == 0")).isEqualTo(Status.FAILED);
    }

    @Test
    void textWithExpressions() {
        assertThat(printed(APP + "print \"${buf.resident} of ${buf.pages}\\x21\"")).containsExactly("0 of 4!");
    }

    @Test
    void aCallThatFailsEndsTheScript() {
        assertThat(run(APP + "app.main: munmap 0x1001 +4K\nprint 1")).isEqualTo(Status.FAILED);
        assertThat(audience.printed()).isEmpty();
        assertThat(audience.diagnostics).hasSize(1);
    }

    @Test
    void aCallThatIsExpectedToFailDoesNot() {
        assertThat(printed(APP + "expect EINVAL app.main: munmap 0x1001 +4K\nexpect SIGSEGV MAPERR app.main: read 0x10000\nprint 1"))
                .containsExactly("1");
    }

    @Test
    void expectTraceWantsEventsInOrder() {
        String call = APP + "app.main: touch buf write\nexpect trace app.main: munmap buf ";
        assertThat(run(call + "{ vma change=remove; pte change=clear; cpu_flush; page_free }")).isEqualTo(Status.HELD);
        assertThat(run(call + "{ page_free; cpu_flush }")).isEqualTo(Status.FAILED);
    }

    @Test
    void repeatIfAndConditions() {
        assertThat(printed(APP + "repeat 3 { app.main: touch buf write }\nif buf.resident == 4 && mapped(buf) { print \"all\" } else { print \"some\" }"))
                .containsExactly("all");
    }

    @Test
    void useSetsWhoIsMeant() {
        run(APP + "use app.worker\ntouch buf read");
        assertThat(audience.moments.getLast().actor()).isEqualTo("app.worker");
    }

    @Test
    void whatIsInFlightMovesWhenItIsWaitedFor() {
        assertThat(printed(APP + "app.worker: touch buf write &\nprint buf.resident\nwait app.worker\nprint buf.resident\nprint app.worker.done"))
                .containsExactly("0", "4", "true");
    }

    @Test
    void whatIsInFlightAtTheEndIsFinished() {
        run(APP + "app.worker: touch buf write &");
        assertThat(audience.events().getLast()).isEqualTo("return");
    }

    @Test
    void anEventIsCountedFromTheBeginning() {
        assertThat(printed(GPU + "app.main: munmap buf\nprint count(notify_start)\nprint count(dma)")).containsExactly("1", "0");
    }

    @Test
    void aProbeRunsRightAfterItsEventAndBeforeAnyCallback() {
        run(GPU + "app.main: munmap buf at invalidate_range { gpu: dma write buf[+4K] value=1 }");
        List<String> events = audience.events();
        int hook = events.indexOf("invalidate_range");
        assertThat(events.subList(hook, events.size())).containsSubsequence("invalidate_range", "call", "dma", "return", "callback");
    }

    @Test
    void onSeesTheFieldsOfItsEvent() {
        assertThat(printed(APP + "on vma when range overlaps buf { print \"${change} ${range.size}\" }\napp.main: munmap buf[0 +4K]\n"
                + "app.main: mmap 0x20000 4K r"))
                .containsExactly("split 16384", "remove 4096");
    }

    @Test
    void aForkedProcessHasAThreadAndItsOwnMemory() {
        assertThat(printed(APP + "app.main: write buf \"old\"\napp.main: fork child\nchild.main: write buf \"new\"\nlet a = app.main: read buf[0 +3]\n"
                + "let b = child.main: read buf[0 +3]\nprint a\nprint b\nchild.main: exit\nprint child.exited\napp.main: fork child\nprint child.alive"))
                .containsExactly("old", "new", "true", "true");
    }

    @Test
    void exitDoesNotReturn() {
        run(APP + "app.main: exit");
        assertThat(audience.events()).endsWith("table_free").doesNotContain("diagnostic");
        assertThat(audience.moments.stream().map(one -> one.event()).filter(Event.Return.class::isInstance)).hasSize(1);
    }

    @Test
    void aDriverOfOnesOwnIsCalled() {
        run("machine { kernel=\"3.19\" }\niommu amd0\ndevice gpu behind amd0 { ats pri }\n" + APP
                + "driver mine { on range(r) { if r.pages > 1 { flush pasid } else { flush iotlb r; sync } } on release { detach; drain } }\n"
                + "bind gpu to app driver=mine\napp.main: touch buf write\napp.main: munmap buf");
        assertThat(audience.moments).anyMatch(moment -> moment.event() instanceof Event.Callback callback && callback.driver().equals("mine"));
    }

    @Test
    void bindWarnsOfACallbackThatIsNeverCalled() {
        run("machine { kernel=\"3.16\" }\niommu amd0\ndevice gpu behind amd0 { ats pri }\nprocess app\nbind gpu to app driver=range");
        assertThat(audience.diagnostics).singleElement().matches(one -> one.code().equals("callback-never-called"));
    }

    /** Its scenarios stand on what it declares above them, as if they had been written in the script. */
    @Test
    void whatAnIncludedFileDeclaresIsRunAndExplored(@TempDir Path folder) throws IOException {
        String source = folder.resolve("main.mmu").toString();
        Files.writeString(folder.resolve("inner.mmu"), "process app\nlet base = 0x10000000\n");
        Files.writeString(folder.resolve("race.mmu"), """
                include "inner.mmu"
                scenario race {
                  let buf = app.main: mmap base 4K rw fixed
                  race { app.main: touch buf write }
                  expect buf.resident == 1
                }
                explore race
                """);
        assertThat(new Session(audience).execute(source, "include \"race.mmu\"\nrun race")).as(audience.diagnostics::toString).isEqualTo(Status.HELD);
        assertThat(new Session(audience).evaluate(source, "include \"race.mmu\"")).as(audience.diagnostics::toString).isEqualTo(Status.HELD);
        assertThat(new Session(audience).explore(source, "include \"race.mmu\"", Exploration.everything())).isEqualTo(Status.HELD);
        assertThat(new Session(audience).mutate(source, "include \"race.mmu\"", Experiment.everything())).isEqualTo(Status.HELD);
        assertThat(audience.verdicts()).extracting(Event.Verdict::scenario).containsOnly("race").hasSize(4);
        assertThat(audience.diagnostics).isEmpty();
    }

    @Test
    void includedFilesAreFoundBesideTheScriptAndLoopsAreRefused(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("app.mmu"), "process app\nlet buf = app.main: mmap 16K rw\n");
        Files.writeString(folder.resolve("loop.mmu"), "include \"loop.mmu\"\n");
        String source = folder.resolve("main.mmu").toString();
        assertThat(new Session(audience).execute(source, "include \"app.mmu\"\napp.main: touch buf write\nprint buf.resident")).isEqualTo(Status.HELD);
        assertThat(audience.printed()).containsExactly("4");
        assertThat(new Session(audience).execute(source, "include \"loop.mmu\"")).isEqualTo(Status.REFUSED);
        assertThat(audience.diagnostics.getLast().code()).isEqualTo("include-loop");
    }

    @Test
    void whatInfoLists() {
        run(GPU + "info vmas\ninfo ptes\ninfo iotlb\ninfo atc\ninfo queue\ninfo faults\ninfo frames\ninfo locks\ninfo actors\ninfo app\ninfo gpu\n"
                + "info amd0\ninfo buf\ninfo buf.resident");
        assertThat(audience.diagnostics).isEmpty();
        assertThat(audience.listings).hasSize(14);
        assertThat(audience.listings.get(1).rows()).hasSize(4);
    }

    /** Entries are listed with what they say, threads with what is known of them, and an untouched terabyte takes no time. */
    @Test
    @Timeout(10)
    void infoSaysWhatIsThere() {
        run(GPU + "gpu: dma write buf[4K +4K] value=1\nlet large = app.main: mmap 1T rw\ninfo iotlb\ninfo atc\ninfo ptes\ninfo app.main\ninfo frames");
        assertThat(audience.diagnostics).isEmpty();
        List<String> addresses = audience.listings.get(2).rows().stream().map(row -> row.get(1)).toList();
        assertThat(audience.listings.get(0).rows()).singleElement().satisfies(row -> assertThat(row).startsWith("amd0", "1").contains(addresses.get(1), "write"));
        assertThat(audience.listings.get(1).rows()).singleElement().satisfies(row -> assertThat(row).startsWith("gpu", "1").contains(addresses.get(1)));
        assertThat(audience.listings.get(3).rows()).containsExactly(List.of("app.main.done", "true"));
        assertThat(audience.listings.get(4).rows()).anyMatch(row -> row.getFirst().equals("app") && Long.parseLong(row.getLast()) == 4)
                .last().satisfies(row -> assertThat(row.get(1)).isEqualTo("free"));
    }

    @Test
    void everyWordHasHelpThoughItBeginsNoArgument() {
        run("help at\nhelp  at; help atc_invalidate\nhelp at // what it is");
        assertThat(audience.diagnostics).isEmpty();
        assertThat(audience.listings).hasSize(4);
        assertThat(audience.listings.getFirst().rows().getFirst().getFirst()).startsWith("at");
        assertThat(audience.listings.get(2).rows().getFirst().getFirst()).startsWith("atc_invalidate");
    }

    @Test
    void placesAreWhatNamesStandFor() {
        Session session = new Session(audience);
        session.evaluate("repl", APP);
        assertThat(session.places("app")).singleElement().matches(place -> place.name().equals("buf") && place.end() - place.start() == 16384);
        assertThat(session.places("other")).isEmpty();
    }

    @Test
    void aCallThatCannotEndIsADeadlockAndNoHang() {
        assertThat(run("process app\napp.main: touch any(0x1000, 0x2000)")).isEqualTo(Status.FAILED);
        assertThat(audience.diagnostics).singleElement().matches(one -> one.code().equals("SIGSEGV"));
    }
}
