package dev.shootdown.lang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.explore.ReplayToken;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import dev.shootdown.trace.Moment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stopping in the middle, and going back and forth. */
class DebuggerTest {
    private static final String MACHINE = """
            machine { kernel="3.16" }
            iommu amd0
            device gpu behind amd0 { ats pri }
            process app { threads=[main, worker] }
            bind gpu to app pasid=1 driver=start
            let buf = app.main: mmap 8K rw
            app.main: touch buf write
            """;
    private static final String EARLY = MACHINE + """
            scenario early {
              race {
                app.main: munmap buf
                gpu: dma write buf[0 +4K] value=1
              }
              forbid use_after_free
            }
            """;

    private final Audience audience = new Audience();
    private final Session session = new Session(audience);

    /** Types lines at a prompt; returns what came of the last one. */
    private Status type(String... lines) {
        Status last = Status.HELD;
        for (String line : lines) {
            last = session.evaluate("repl", line);
        }
        return last;
    }

    private String told() {
        return audience.listings.getLast().rows().getFirst().getFirst();
    }

    private String code() {
        return audience.diagnostics.getLast().code();
    }

    private List<String> seen(String... lines) {
        audience.moments.clear();
        type(lines);
        return audience.events();
    }

    // ---------------------------------------------------------------- in a statement

    @Test
    void aBreakStopsBehindItsEventAndBeforeTheCallbacks() {
        type(MACHINE, "break notify_start");
        assertThat(seen("app.main: munmap buf")).endsWith("notify_start").doesNotContain("callback");
        assertThat(told()).startsWith("#").contains("app.main notify_start").endsWith("[break notify_start]");
        assertThat(seen("continue")).startsWith("callback").endsWith("return");
        assertThat(audience.diagnostics).isEmpty();
    }

    @Test
    void othersMayActWhileOneStandsStill() {
        type(MACHINE, "break notify_start", "app.main: munmap buf");
        assertThat(seen("gpu: dma write buf[0 +4K] value=1")).startsWith("call").contains("dma").endsWith("return");
        assertThat(seen("print buf.resident")).containsExactly("print");
        assertThat(type("app.main: nop")).isEqualTo(Status.FAILED);
        assertThat(code()).isEqualTo("actor-busy");
        assertThat(seen("continue")).endsWith("return");
    }

    @Test
    void aConditionAtABreakIsAboutItsEvent() {
        type(MACHINE, "break pte when start == buf.start + 4K");
        assertThat(seen("app.main: madvise buf[0 +4K] dontneed")).endsWith("return");
        assertThat(seen("app.main: madvise buf[4K +4K] dontneed")).endsWith("pte");
    }

    @ParameterizedTest
    @CsvSource({
        "buf[4K], pte, 4096", "buf[4K +4K], pte, 4096", "buf.end, pte, -1", "buf, pte, 0", "buf.start, notify_start, 0", "buf[4K], notify_start, 0"
    })
    void aBreakMayAskForAPlace(String point, String event, long offset) {
        type(MACHINE, "let from = buf.start", "break " + event + " at " + point);
        List<String> events = seen("app.main: munmap buf");
        if (offset < 0) {
            assertThat(events).endsWith("return");
            return;
        }
        assertThat(events).endsWith(event);
        assertThat(told()).endsWith("[break " + event + " at " + point + "]");
        Event last = audience.moments.getLast().event();
        long start = last instanceof Event.Pte pte ? pte.start() : ((Event.NotifyStart) last).start();
        type("print from");
        assertThat(audience.printed()).containsExactly("0x" + Long.toHexString(start - offset));
    }

    @Test
    void anAccessHappensWhereItsBytesAre() {
        type(MACHINE, "break dma at buf[4K]");
        assertThat(seen("gpu: dma write buf[0 +4K] value=1")).endsWith("return");
        assertThat(seen("gpu: dma write buf[4K +16] value=1")).endsWith("dma");
    }

    @Test
    void aBreakAndAProbeAtAPlaceHeedTheirConditionToo() {
        type(MACHINE, "on pte at buf[4K] when change == \"clear\" { print \"${start - buf.start}\" }", "break pte at buf when change == \"set\"");
        assertThat(seen("app.main: madvise buf dontneed")).endsWith("return");
        assertThat(audience.printed()).containsExactly("4096");
        assertThat(seen("app.main: touch buf[0] write")).endsWith("pte");
        assertThat(told()).endsWith("[break pte at buf when change == \"set\"]");
    }

    /** What is left in flight has its block too, in its own call alone; and where its condition does not hold it is not left. */
    @Test
    void aCallInFlightKeepsItsBlockAndItsCondition() {
        type(MACHINE, "app.main: munmap buf at vma { print \"in it\" } &", "wait");
        assertThat(audience.printed()).containsExactly("in it");
        type("let other = app.main: mmap 4K rw", "app.main: nop at vma { print \"never\" } &", "wait", "app.main: munmap other");
        type("app.main: touch other when 1 == 2 &", "wait");
        assertThat(audience.printed()).containsExactly("in it");
        assertThat(audience.diagnostics).isEmpty();
    }

    @Test
    void aBreakIsToldWithItsCondition() {
        type(MACHINE, "break pte when start == buf.start + 4K", "app.main: munmap buf");
        assertThat(told()).endsWith("[break pte when start == buf.start + 4K]");
    }

    @Test
    void aBreakAloneTakesAllAway() {
        type(MACHINE, "break notify_start", "watch buf.resident", "break");
        assertThat(audience.listings.getLast().rows()).hasSize(2);
        assertThat(seen("app.main: munmap buf")).endsWith("return");
    }

    @Test
    void aWatchStopsWhereThePlaceChanges() {
        type(MACHINE, "watch buf.resident");
        type("app.main: munmap buf");
        assertThat(told()).contains("app.main pte").endsWith("[watch buf.resident: 2 -> 1]");
    }

    @Test
    void whatStandsBehindAStopIsDoneLater() {
        type(MACHINE, "break pte", "repeat 2 { app.main: { madvise buf dontneed; touch buf write }; print \"round\" }", "break");
        assertThat(audience.printed()).isEmpty();
        type("continue");
        assertThat(audience.printed()).containsExactly("round", "round");
    }

    @Test
    void aProbeStandsStillInTheMiddleOfACallWithItsEventsNames() {
        type(MACHINE, "on notify_start { app.worker: nop; print \"after ${range.size}\" }", "break call when op == \"nop\"",
                "repeat 2 { app.main: { touch buf write; madvise buf dontneed }; print \"round\" }");
        assertThat(told()).contains("app.worker call");
        assertThat(audience.printed()).isEmpty();
        type("continue");
        assertThat(audience.printed()).containsExactly("after 8192", "round");
        type("continue");
        assertThat(audience.printed()).containsExactly("after 8192", "round", "after 8192", "round");
        assertThat(audience.diagnostics).isEmpty();
    }

    @Test
    void aBlockAtAnEventRunsAgainOnTheWayForward() {
        type(MACHINE, "app.main: munmap buf at notify_start { gpu: dma write buf[0 +4K] value=1 }");
        long end = session.position();
        type("back 40", "mark early", "goto #" + audience.moments.getLast().step());
        assertThat(session.position()).isEqualTo(end);
        type("goto early", "continue");
        assertThat(session.position()).isEqualTo(end);
    }

    @Test
    void whatWasUndoneIsNoPartOfAScenario() {
        type(MACHINE, "scenario s { race { app.main: touch buf read } expect buf.resident == 2 }", "app.main: nop", "app.main: munmap buf");
        type("back 30", "finish", "run s");
        assertThat(audience.verdicts()).extracting(Event.Verdict::holds).containsExactly(true);
    }

    @Test
    void aValueIsNamedWhenItsCallReturns() {
        type(MACHINE, "break vma", "let more = app.worker: mmap 4K rw", "continue", "print more.size");
        assertThat(audience.printed()).containsExactly("4096");
    }

    @Test
    void anExpectationIsHeldAgainstTheEnd() {
        type(MACHINE, "break call", "expect EINVAL app.main: munmap buf");
        assertThat(type("continue")).isEqualTo(Status.FAILED);
        assertThat(code()).isEqualTo("expectation-failed");
    }

    @Test
    void nextPassesOverCallbacksAndFinishGoesToTheReturn() {
        type(MACHINE, "break notify_start", "app.main: munmap buf");
        assertThat(seen("next")).contains("callback").endsWith("pte");
        assertThat(seen("finish")).endsWith("return");
        assertThat(audience.diagnostics).isEmpty();
    }

    @Test
    void aScriptDoesWhatComesNextWhileItStands() {
        String script = MACHINE + "break notify_start\napp.main: munmap buf\ngpu: dma write buf[0 +4K]\nprint buf.resident\ncontinue\nprint buf.resident\n";
        assertThat(session.execute("test.mmu", script)).isEqualTo(Status.HELD);
        assertThat(audience.printed()).containsExactly("2", "0");
    }

    @Test
    void whatStandsAtTheEndOfAScriptIsFinished() {
        assertThat(session.execute("test.mmu", EARLY + "break notify_start\nrun early\n")).isEqualTo(Status.HELD);
        assertThat(audience.verdicts()).hasSize(1);
    }

    // ---------------------------------------------------------------- back and forth

    @Test
    void backUndoesAndForwardDoesItAgain() {
        type(MACHINE, "break notify_start", "app.main: munmap buf", "mark here");
        List<String> first = seen("finish");
        long end = audience.moments.getLast().step();
        type("goto here", "print buf.resident");
        assertThat(audience.printed()).containsExactly("2");
        assertThat(seen("finish")).isEqualTo(first);
        assertThat(audience.moments.getLast().step()).isEqualTo(end);
        type("back 2", "goto #" + end, "print buf.resident");
        assertThat(audience.printed()).containsExactly("0");
        assertThat(told()).startsWith("#" + end + " ");
    }

    @Test
    void goingBackAndForwardCountsNothingTwice() {
        type(MACHINE, "app.main: munmap buf", "print count(pte)", "back 20", "step 20", "back 10", "finish", "print count(pte)");
        assertThat(audience.printed()).hasSize(2);
        assertThat(audience.printed().getFirst()).isEqualTo(audience.printed().getLast());
    }

    @Test
    void anotherWayForwardIsAnotherRun() {
        type(EARLY, "break pte", "run early", "back 3", "mark fork", "step gpu 1");
        assertThat(audience.moments.getLast().actor()).isEqualTo("gpu");
        type("break", "continue");
        assertThat(audience.verdicts()).hasSize(1);
    }

    @Test
    void aRunStopsAndItsVerdictComesAtItsEnd() {
        type(EARLY, "break notify_start", "run early");
        assertThat(audience.verdicts()).isEmpty();
        assertThat(seen("app.worker: nop")).isNotEmpty();
        type("continue");
        assertThat(audience.verdicts()).extracting(Event.Verdict::verdict).containsExactly("Never");
        assertThat(seen("app.main: touch buf read")).as("back on the session's own machine").startsWith("call").endsWith("return");
    }

    @Test
    void aWitnessIsWalked() {
        type(EARLY, "explore early", "goto w1");
        assertThat(told()).contains("violation");
        type("why use_after_free");
        List<List<String>> rows = audience.listings.getLast().rows();
        assertThat(rows).anySatisfy(row -> assertThat(row.get(3) + row.get(2)).contains("_free").contains("because of this"));
        assertThat(rows).anySatisfy(row -> assertThat(row.get(2)).isEqualTo("the flush before"));
        assertThat(type("back", "why use_after_free")).isEqualTo(Status.FAILED);
        assertThat(code()).isEqualTo("does-not-hold");
        assertThat(seen("step")).contains("violation");
        assertThat(seen("continue")).endsWith("verdict");
    }

    /** What is told of the last exploration's first witness. */
    private List<List<String>> chain() {
        type("goto w1", "why use_after_free");
        List<List<String>> rows = audience.listings.getLast().rows();
        assertThat(rows).extracting(row -> Long.parseLong(row.getFirst().substring(1))).isSorted();
        return rows.stream().filter(row -> !row.get(2).equals("in this call")).toList();
    }

    @Test
    void whyTellsTheChainFromTheInvalidationThatCameTooEarlyToTheAccess() throws IOException {
        session.execute("too-early.mmu", Files.readString(Path.of("scripts/seed/too-early.mmu")));
        List<List<String>> rows = chain();
        assertThat(rows).extracting(row -> row.get(2)).containsExactly(
                "dropped translations of it, too early: the entry still stood", "took the translation",
                "took the entry away; no invalidation until the access", "the flush before", "because of this", "made it so");
        assertThat(rows).extracting(row -> row.get(1) + " " + row.get(3).split(" ")[0]).containsExactly(
                "amd0 atc_invalidate", "gpu translate", "app.main pte", "app.main cpu_flush", "app.main page_free", "gpu dma");
    }

    @Test
    void whyTellsTheChainToAWalkThroughAFreedTable() {
        type(EARLY, "explore early");
        assertThat(chain()).extracting(row -> row.get(2) + ": " + row.get(3).split(" ")[0]).containsExactly(
                "the walk began after this: translate", "dropped translations of it, too early: the entry still stood: atc_invalidate",
                "took the entry away; no invalidation until the access: pte", "the flush before: cpu_flush", "because of this: table_free",
                "made it so: violation");
    }

    @Test
    void whyTellsTheChainOfAnInvalidationThatNobodyWaitedFor() {
        String hasty = EARLY.replace("3.16", "3.19").replace("driver=start", "driver=hasty")
                .replace("process app {", "driver hasty { on range(r) { flush iotlb r; flush atc r } }\nprocess app {");
        type(hasty, "explore early");
        assertThat(chain()).extracting(row -> row.get(2)).contains("took the entry away",
                "wants translations of it dropped; not done until the access", "because of this", "made it so");
    }

    /** What is searched is what is stepped: the steps of a witness, one by one, show what the exploration showed. */
    @Test
    void aWitnessReplaysStepByStepToTheSameViolation() {
        type(EARLY, "explore early");
        List<Moment> told = audience.witnesses.getFirst();
        ReplayToken token = ReplayToken.parse(audience.verdicts().getFirst().witness());
        int steps = token.choices().size();
        type("goto w1", "back " + steps);
        for (int round = 0; round < 2; round++) {
            audience.moments.clear();
            for (int i = 0; i < steps; i++) {
                assertThat(audience.events()).doesNotContain("violation");
                assertThat(type("step")).isEqualTo(Status.HELD);
            }
            assertThat(audience.moments).isEqualTo(told);
            assertThat(audience.events()).contains("violation");
            assertThat(session.position()).isEqualTo(token.position());
            type("back " + steps);
        }
        assertThat(type("back")).isEqualTo(Status.FAILED);
        assertThat(code()).isEqualTo("end-of-history");
    }

    /** A witness is a run like another: going about in it comes back to where its token says. */
    @Test
    void goingAboutInAWitnessComesBackToItsPosition() {
        type(EARLY, "explore early");
        String token = audience.verdicts().getFirst().witness();
        SplittableRandom random = new SplittableRandom(5);
        type("goto w1", "mark end");
        assertThat(session.position()).isEqualTo(ReplayToken.parse(token).position());
        for (int i = 0; i < 30; i++) {
            type(random.nextBoolean() ? "back " + (1 + random.nextInt(9)) : "step " + (1 + random.nextInt(4)), "goto end");
            assertThat(session.position()).isEqualTo(ReplayToken.parse(token).position());
        }
        type("back 2", "step gpu", "goto end");
        assertThat(code()).as("another way was taken").isEqualTo("unknown-mark");
        type("goto w1");
        assertThat(session.position()).isEqualTo(ReplayToken.parse(token).position());
    }

    @Test
    void aScriptMayGoToAWitnessAndItsStatusIsThatOfTheExploration() {
        assertThat(session.execute("test.mmu", EARLY + "explore early\ngoto w1\nback 2\nwhy buf.resident == 0\n")).isEqualTo(Status.FAILED);
        assertThat(audience.diagnostics).isEmpty();
        assertThat(audience.verdicts()).hasSize(1);
    }

    @Test
    void whyFindsTheStepThatMadeItSo() {
        type(MACHINE, "app.main: munmap buf", "why buf.resident == 0");
        List<String> row = audience.listings.getLast().rows().getLast();
        assertThat(row.get(2)).isEqualTo("made it so");
        assertThat(row.get(3)).startsWith("pte").contains("change=clear");
    }

    /** However one goes about in a run, its end is the end of the run that went straight there. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void anyWayThroughARunEndsWhereItEnds(long seed) {
        type(EARLY, "run early seed=" + seed);
        List<String> straight = ends();
        SplittableRandom random = new SplittableRandom(seed);
        Audience mine = audience;
        type("break notify_start", "run early seed=" + seed, "mark here", "break");
        for (int i = 0; i < 60; i++) {
            String command = switch (random.nextInt(6)) {
                case 0 -> "back " + (1 + random.nextInt(12));
                case 1 -> "step";
                case 2 -> "step " + (1 + random.nextInt(15));
                case 3 -> "goto here";
                case 4 -> "next";
                default -> "goto #" + (50 + random.nextInt(60));
            };
            type(command);
        }
        type("goto here", "continue");
        assertThat(ends()).isEqualTo(straight);
        assertThat(mine.diagnostics).extracting(one -> one.code()).isSubsetOf("end-of-history", "not-reached", "no-run");
    }

    /** The fingerprint of the machine that the last run went through. */
    private List<String> ends() {
        List<String> end = new ArrayList<>();
        end.add(Long.toHexString(session.position()));
        return end;
    }

    @Test
    void whoeverInterruptsACallStandsInIt() {
        type(MACHINE, "let large = app.main: mmap 8M rw");
        audience.interrupted = true;
        assertThat(type("app.main: touch large write")).isEqualTo(Status.INTERRUPTED);
        audience.interrupted = false;
        assertThat(type("back 5", "continue", "print large.resident")).isEqualTo(Status.HELD);
        assertThat(audience.printed()).containsExactly("2048");
    }

    // ---------------------------------------------------------------- what is refused

    @ParameterizedTest
    @CsvSource({
        "break notify_strat, unknown-event", "break pte at middle, unknown-name", "break release at buf, no-address", "break pte at app, wrong-kind",
        "watch buf.resident at buf, syntax", "step when 1 == 1, syntax", "on vma(r) { print 1 }, misplaced", "on completion at buf { print 1 }, no-address", "watch nothing.there, unknown-name",
        "step nobody, unknown-actor", "step 0, wrong-kind", "step app.main 2 3, too-many-arguments",
        "goto nowhere, unknown-mark", "goto w1, unknown-witness", "goto #99999, not-reached", "back 99999, end-of-history",
        "back x, wrong-kind", "mark w1, reserved-name", "continue now, too-many-arguments", "next, no-run", "step, no-run", "finish, no-run",
        "continue, no-run", "why not buf.resident == 2, does-hold", "why buf.resident == 0, does-not-hold",
        "why buf.resident, wrong-kind", "on pte { break vma }, misplaced", "goto, missing-argument"
    })
    void aMistakeIsToldOnceAndChangesNothing(String line, String code) {
        type(MACHINE);
        long before = session.position();
        audience.diagnostics.clear();
        assertThat(type(line)).isIn(Status.REFUSED, Status.FAILED);
        assertThat(audience.diagnostics).extracting(one -> one.code()).containsExactly(code);
        assertThat(session.position()).isEqualTo(before);
        assertThat(seen("app.main: munmap buf")).endsWith("return");
    }

    @Test
    void aMistypedEventIsGuessed() {
        type(MACHINE, "break notify_strat");
        assertThat(audience.diagnostics.getLast().didYouMean()).contains("notify_start");
    }

    @Test
    void withoutAMachineThereIsNoRun() {
        assertThat(type("back")).isEqualTo(Status.FAILED);
        assertThat(code()).isEqualTo("no-run");
    }

    @Test
    void whoCannotMoveSaysSo() {
        type(EARLY, "break notify_start", "run early");
        long before = session.position();
        assertThat(type("step app.worker")).isEqualTo(Status.FAILED);
        assertThat(code()).isEqualTo("cannot-move");
        assertThat(session.position()).isEqualTo(before);
    }

    @Test
    void declarationsDoNotBelongIntoARunThatStands() {
        type(EARLY, "break notify_start", "run early");
        assertThat(type("process other")).isEqualTo(Status.FAILED);
        assertThat(code()).isEqualTo("run-in-progress");
        type("continue");
        assertThat(type("process other")).isEqualTo(Status.HELD);
    }

    @Test
    void commandsAreKnownByEveryKindOfEvent() {
        for (Kind kind : Kind.alphabet()) {
            assertThat(type("break " + kind.word())).as(kind.word()).isEqualTo(Status.HELD);
        }
    }
}
