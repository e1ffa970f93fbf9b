package dev.shootdown.lang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.trace.Event;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What rows of a race may hold besides calls: blocks in the middle of a call, and names; and free choices before it. */
class RaceTest {
    private static final String MACHINE = """
            machine { kernel="3.16" }
            iommu amd0
            device gpu behind amd0 { ats pri }
            process app { threads=[main, worker] }
            bind gpu to app pasid=1 driver=start
            let buf = app.main: mmap 8K rw
            let other = app.main: mmap 4K rw
            app.main: touch buf write
            """;

    private final Audience audience = new Audience();
    private final Session session = new Session(audience);

    private List<Event.Verdict> explore(String body) {
        session.execute("test.mmu", MACHINE + "scenario s {\n" + body + "\n}\nexplore s");
        assertThat(audience.diagnostics).isEmpty();
        return audience.verdicts();
    }

    private List<String> run(String body, String how) {
        session.execute("test.mmu", MACHINE + "scenario s {\n" + body + "\n}\nrun s" + how);
        assertThat(audience.diagnostics).isEmpty();
        return audience.moments.stream().map(moment -> moment.actor() + " " + moment.event().kind().word()).toList();
    }

    private List<String> verdicts(String body) {
        return explore(body).stream().map(Event.Verdict::verdict).toList();
    }

    // ---------------------------------------------------------------- at

    @Test
    void aBlockIsDoneRightBehindItsEvent() {
        List<String> events = run("race { app.main: munmap buf at notify_start { gpu: dma write buf[0 +4K] value=1; app.worker: nop } }", "");
        int event = events.indexOf("app.main notify_start");
        assertThat(events.get(event + 1)).isEqualTo("gpu call");
        assertThat(events).containsSubsequence("app.main notify_start", "gpu dma", "gpu return", "app.worker call", "app.worker return",
                "app.main callback");
    }

    /** The device reads what is still mapped before any entry is cleared; without the block it may come too late. */
    @Test
    void inEveryInterleavingItIsDoneThere() {
        String free = "race { app.main: munmap buf; gpu: dma read buf[0 +4K] }\nexists gpu.faults > 0";
        String held = "race { app.main: munmap buf at notify_start { gpu: dma read buf[0 +4K] }; app.worker: touch other }\nexists gpu.faults > 0";
        assertThat(verdicts(free)).containsExactly("Sometimes");
        audience.moments.clear();
        assertThat(verdicts(held)).containsExactly("Never");
    }

    /** What the device keeps from the middle of the call it uses behind it: too early a flush is found so, too. */
    @Test
    void whatIsDoneThereHasItsConsequences() {
        assertThat(verdicts("""
                race {
                  app.main: munmap buf at pte { gpu: dma read buf[4K +4K] }
                  gpu: dma read buf[4K +4K]
                }
                forbid use_after_free
                always gpu.state == "running"
                """)).containsExactly("Sometimes", "Always");
        assertThat(audience.witnesses.getFirst()).anyMatch(moment -> moment.event() instanceof Event.Violation);
    }

    /** Whoever waits for what the stopped one holds is left in flight. */
    @Test
    void aBlockThatCannotEndIsNoDeadlock() {
        assertThat(verdicts("""
                race { app.main: munmap buf at vma { app.worker: munmap other } }
                forbid deadlock
                expect !mapped(other.start)
                """)).containsExactly("Never", "Always");
    }

    @Test
    void whoIsInTheMiddleOfACallEndsItFirst() {
        explore("""
                race {
                  app.main: munmap buf[0 +4K] at notify_start { app.worker: touch other }
                  app.worker: { touch buf[4K] write; nop }
                }
                forbid deadlock
                expect other.resident == 1
                exists other.resident == 1
                """);
        assertThat(audience.verdicts()).extracting(Event.Verdict::verdict).containsExactly("Never", "Always", "Always");
    }

    @Test
    void withoutItsEventABlockIsNotDone() {
        assertThat(verdicts("race { app.main: nop at pte { app.worker: touch other } }\nexpect other.resident == 0")).containsExactly("Always");
    }

    @Test
    void aBlockIsDoneForEachCallOnce() {
        assertThat(verdicts("""
                race { repeat 3 { app.main: madvise buf dontneed at notify_start { app.worker: nop } } }
                expect count(call) == 10
                maximum count(call)
                """)).containsExactly("Always", "Always");
    }

    @Test
    void theFieldsOfTheEventHaveNamesInIt() {
        assertThat(verdicts("""
                race {
                  app.main: munmap buf[4K] at notify_start {
                    gpu: dma write range value=7
                    if start == buf.start { app.worker: touch other }
                    app.worker: nop when end == buf.end
                  }
                }
                expect count(dma) == 1 && other.resident == 0 && count(call) == 7
                """)).containsExactly("Always");
    }

    @Test
    void blocksMayStandInBlocks() {
        List<String> events = run("race { app.main: munmap buf[0 +4K] at notify_start { gpu: dma read buf[4K +4K] at dma { app.worker: nop } } }", "");
        assertThat(events).containsSubsequence("app.main notify_start", "gpu dma", "app.worker call", "app.worker return", "gpu return",
                "app.main callback");
    }

    @Test
    void oneMayStandInTheMiddleAndGoBack() {
        session.execute("test.mmu", MACHINE + "scenario s { race { app.main: munmap buf at notify_start { app.worker: nop } } }");
        session.evaluate("repl", "break call when actor == \"app.worker\"");
        session.evaluate("repl", "run s");
        assertThat(audience.listings.getLast().rows().getFirst().getFirst()).contains("app.worker call");
        session.evaluate("repl", "back 3");
        session.evaluate("repl", "continue");
        session.evaluate("repl", "continue");
        assertThat(audience.diagnostics).isEmpty();
        assertThat(audience.events()).endsWith("return");
    }

    // ---------------------------------------------------------------- let

    @Test
    void whatARowGivesItsOthersKnow() {
        assertThat(verdicts("""
                race {
                  let mine = app.main: mmap 8K rw
                  app.main: { touch mine[4K] write; munmap mine[0 +4K] }
                  app.main: touch mine[0] when mine.resident == 2
                  let his = app.worker: mmap 4K rw
                  app.worker: touch his write
                }
                expect app.rss == 4
                forbid deadlock
                """)).containsExactly("Always", "Never");
    }

    /** Who maps first gets the upper place: the name stands for another range in either order. */
    @Test
    void aNameIsWorthWhatTheInterleavingMakesIt() {
        explore("""
                race {
                  let mine = app.main: mmap 4K rw
                  app.main: munmap mine
                  let his = app.worker: mmap 4K rw
                  app.worker: touch his write
                }
                expect app.rss == 3
                """);
        assertThat(audience.verdicts().getFirst().verdict()).isEqualTo("Always");
        assertThat(audience.verdicts().getFirst().ends()).isGreaterThan(1);
    }

    @Test
    void whatNeedsANameThatWasNotGivenIsLeftOut() {
        assertThat(verdicts("""
                race {
                  let huge = app.main: mmap 200T rw
                  app.main: { touch huge; touch other }
                }
                expect count(call) == 6 && other.resident == 1
                """)).containsExactly("Always");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " seed=1", " seed=2", " seed=12345"})
    void aPlainRunGivesNamesToo(String how) {
        List<String> events = run("race { let x = app.main: mmap 4K rw; app.main: touch x write; app.worker: touch other write }", how);
        assertThat(events).contains("app.main cpu_fault", "app.worker cpu_fault");
    }

    // ---------------------------------------------------------------- choices of the setup

    private static final String CHOICES = """
            let part = any(buf, 4K)
            either { app.main: touch other } or { app.main: nop }
            race {
              app.main: munmap part
              gpu: dma write buf[0 +4K] value=1
            }
            forbid use_after_free
            maximum other.resident
            minimum other.resident
            exists other.resident == 1
            """;

    @Test
    void everyChoiceOfTheSetupIsTried() {
        List<Event.Verdict> all = explore(CHOICES);
        assertThat(all).extracting(Event.Verdict::verdict).containsExactly("Sometimes", "Always", "Always", "Sometimes");
        assertThat(all).extracting(Event.Verdict::value).containsExactly(null, 1L, 0L, null);
        assertThat(all).allMatch(Event.Verdict::complete);
        long ends = 0;
        long states = 0;
        for (String part : List.of("buf[0 +4K]", "buf[4K +4K]")) {
            for (String before : List.of("app.main: touch other", "app.main: nop")) {
                Audience one = new Audience();
                String body = CHOICES.replace("any(buf, 4K)", part).replaceAll("either .*", before);
                new Session(one).execute("test.mmu", MACHINE + "scenario s {\n" + body + "\n}\nexplore s");
                ends += one.verdicts().getFirst().ends();
                states += one.verdicts().getFirst().states();
            }
        }
        assertThat(all.getFirst().ends()).isEqualTo(ends);
        assertThat(all.getFirst().states()).isEqualTo(states);
    }

    /** Of several blocks one is done: they may declare and bind the same, and a name is known by what they agree on. */
    @Test
    void theBlocksOfAChoiceDoNotKnowEachOther() {
        session.execute("test.mmu", """
                machine { kernel="3.16" }
                iommu amd0
                device gpu behind amd0 { ats pri }
                process app
                scenario s {
                  either { bind gpu to app pasid=1 driver=start; let buf = app.main: mmap 4K rw }
                  or { bind gpu to app pasid=1 driver=ends; let buf = app.main: mmap 8K rw; app.main: touch buf[4K] write }
                  app.main: touch buf[0] write
                  race {
                    app.main: munmap buf
                    gpu: dma write buf[0 +4K] value=1
                  }
                  exists use_after_free
                  exists buf.size == 8K
                }
                explore s
                """);
        assertThat(audience.diagnostics).isEmpty();
        assertThat(audience.verdicts()).extracting(Event.Verdict::verdict).containsExactly("Sometimes", "Sometimes");
    }

    @Test
    void aTokenNamesTheChoicesOfItsSetup() {
        String token = explore(CHOICES).get(1).witness();
        assertThat(token).matches("sd1\\.[\\w-]+\\.[01]\\.0");
        String script = MACHINE + "scenario s {\n" + CHOICES + "\n}";
        assertThat(replay(script, token)).isEqualTo(Status.HELD);
        assertThat(replay(script, token.substring(0, token.length() - 1) + "1")).isEqualTo(Status.FAILED);
        assertThat(replay(script, token.substring(0, token.length() - 2))).isEqualTo(Status.FAILED);
        assertThat(replay(script, token + ".0")).isEqualTo(Status.FAILED);
        assertThat(replay(script, token + ".-1")).isEqualTo(Status.REFUSED);
        assertThat(replay(script, token + ".")).isEqualTo(Status.REFUSED);
        assertThat(replay(script, token + ".x")).isEqualTo(Status.REFUSED);
        assertThat(audience.diagnostics).extracting(one -> one.code())
                .containsExactly("token-does-not-fit", "token-does-not-fit", "token-does-not-fit", "bad-token", "bad-token", "bad-token");
    }

    private Status replay(String script, String token) {
        return session.explore("test.mmu", script, new Exploration("s", null, null, null, null, null, null, null, List.of(), List.of(), List.of(),
                false, false, false, token));
    }

    @Test
    void aWitnessIsEnteredWithItsSetup() {
        explore(CHOICES);
        session.evaluate("repl", "goto w2");
        session.evaluate("repl", "print other.resident");
        session.evaluate("repl", "goto w3");
        session.evaluate("repl", "print other.resident");
        assertThat(audience.diagnostics).isEmpty();
        assertThat(audience.printed()).containsExactly("1", "0");
    }

    @Test
    void aPlainRunTakesTheFirstOrAnyBySeed() {
        run(CHOICES, "");
        assertThat(audience.verdicts().get(1).value()).isEqualTo(1);
        List<Long> seen = new ArrayList<>();
        for (int seed = 0; seed < 12; seed++) {
            audience.moments.clear();
            run(CHOICES, " seed=" + seed);
            seen.add(audience.verdicts().get(1).value());
        }
        assertThat(seen).contains(0L, 1L);
    }

    @Test
    void aBoundIsOfAllSetupsTogether() {
        session.execute("test.mmu", MACHINE + "scenario s {\n" + CHOICES.replace("forbid use_after_free", "forbid deadlock") + "\n}\nexplore s states=700");
        assertThat(audience.verdicts().getFirst().stopped()).isEqualTo("700 states");
        assertThat(audience.verdicts().getFirst().states()).isLessThanOrEqualTo(700);
    }
}
