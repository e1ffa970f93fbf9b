package dev.shootdown.lang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.explore.ReplayToken;
import dev.shootdown.trace.Event;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Scenarios: what running and exploring them says. */
class ScenarioTest {
    private static final String EARLY = """
            machine { kernel="3.16" }
            iommu amd0
            device gpu behind amd0 { ats pri }
            process app
            bind gpu to app pasid=1 driver=start
            print "above"
            scenario early {
              let buf = app.main: mmap 4K rw
              app.main: touch buf write
              race {
                app.main: munmap buf
                gpu: dma write buf value=1
              }
              forbid use_after_free
              maximum gpu.requests
            }
            """;

    private final Audience audience = new Audience();

    private Status run(String script) {
        return new Session(audience).execute("test.mmu", script);
    }

    @Test
    void exploringFindsWhatARunInOrderDoesNot() {
        assertThat(run(EARLY + "run early")).isEqualTo(Status.HELD);
        assertThat(audience.verdicts()).extracting(Event.Verdict::verdict).containsExactly("Never", "Always");
        assertThat(run(EARLY + "explore early")).isEqualTo(Status.FAILED);
        Event.Verdict verdict = audience.verdicts().get(2);
        assertThat(verdict.verdict()).isEqualTo("Sometimes");
        assertThat(verdict.complete()).isTrue();
        assertThat(verdict.witness()).startsWith("sd1.");
        assertThat(audience.witnesses).hasSize(2);
        assertThat(audience.witnesses.getFirst()).anyMatch(moment -> moment.event() instanceof Event.Violation);
    }

    /** The statements above run again for each scenario, without being seen again. */
    @Test
    void whatStandsAboveIsNotShownAgain() {
        run(EARLY + "explore early");
        assertThat(audience.printed()).containsExactly("above");
    }

    @Test
    void aSeedGivesTheSameRunEachTime() {
        run(EARLY + "run early seed=7");
        List<String> first = audience.events();
        Audience again = new Audience();
        new Session(again).execute("test.mmu", EARLY + "run early seed=7");
        assertThat(again.events()).isEqualTo(first);
    }

    @Test
    void theCommandLineExploresWithBoundsAMatrixAndATokenOfAWitness() {
        Session session = new Session(audience);
        Exploration matrix = new Exploration("early", null, null, null, null, null, null, null, List.of("3.16", "3.19"),
                List.of("start", "range"), List.of(), false, false, false, null);
        assertThat(session.explore("test.mmu", EARLY, matrix)).isEqualTo(Status.FAILED);
        assertThat(audience.verdicts()).extracting(Event.Verdict::scenario).contains("early kernel=3.19 driver=range");
        assertThat(audience.verdicts()).filteredOn(one -> one.scenario().equals("early kernel=3.19 driver=range")).allMatch(Event.Verdict::holds);
        Exploration few = new Exploration(null, 50L, null, null, null, null, null, null, List.of(), List.of(), List.of(), false, false, false, null);
        assertThat(session.explore("test.mmu", EARLY, few)).isEqualTo(Status.BOUND);
        String token = audience.verdicts().getFirst().witness();
        Exploration replay = new Exploration("early", null, null, null, null, null, null, null, List.of(), List.of(), List.of(), false, false, false, token);
        assertThat(session.explore("test.mmu", EARLY, replay)).isEqualTo(Status.HELD);
        assertThat(audience.witnesses.getLast()).anyMatch(moment -> moment.event() instanceof Event.Violation);
    }

    @Test
    void whatExistsHasAWitnessToo() {
        assertThat(run(EARLY.replace("forbid use_after_free", "exists use_after_free") + "explore early")).isEqualTo(Status.HELD);
        Event.Verdict verdict = audience.verdicts().getFirst();
        assertThat(verdict.holds()).isTrue();
        assertThat(ReplayToken.parse(verdict.witness()).choices()).isNotEmpty();
        assertThat(audience.witnesses.getFirst()).anyMatch(moment -> moment.event() instanceof Event.Violation);
    }

    @Test
    void whomTheReductionMetIsListedBehindTheVerdicts() {
        Exploration why = new Exploration(null, null, null, null, null, null, null, null, List.of(), List.of(), List.of(), false, false, true, null);
        new Session(audience).explore("test.mmu", EARLY, why);
        Listing listing = audience.listings.getFirst();
        assertThat(listing.title()).isEqualTo("early: who met whom, in how many states");
        assertThat(listing.columns()).containsExactly("states", "actor", "step", "met", "on");
        assertThat(listing.rows()).extracting(row -> Long.parseLong(row.getFirst())).isNotEmpty().isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(listing.rows()).extracting(row -> row.get(3)).contains("gpu", "amd0");
    }

    @Test
    void actorsThatMeetNobodyAreSaidToMeetNobody() {
        String script = "process app\nscenario alone {\n  race { app.main: nop }\n  forbid leak\n}\n";
        Exploration why = new Exploration(null, null, null, null, null, null, null, null, List.of(), List.of(), List.of(), false, false, true, null);
        new Session(audience).explore("test.mmu", script, why);
        assertThat(audience.listings.getFirst()).isEqualTo(Listing.lines("", List.of("alone: no step met anybody")));
    }

    /** A bound says where it was reached, and that what was not found is not excluded. */
    @Test
    void aBoundOnPreemptionsIsAnHonestVerdict() {
        String range = EARLY.replace("3.16", "3.19").replace("driver=start", "driver=range");
        Session session = new Session(audience);
        for (int preempt = 0; preempt < 2; preempt++) {
            Exploration few = new Exploration(null, null, null, null, null, preempt, null, null, List.of(), List.of(), List.of(), false, false, false, null);
            assertThat(session.explore("test.mmu", range, few)).isEqualTo(Status.BOUND);
        }
        assertThat(audience.verdicts()).filteredOn(one -> one.condition().startsWith("forbid")).extracting(Event.Verdict::stopped)
                .containsExactly("0 preemptions", "1 preemption");
        assertThat(audience.verdicts()).noneMatch(Event.Verdict::complete);
        assertThat(audience.verdicts().getFirst().holds()).as("not known to").isFalse();
    }

    @Test
    void whoeverInterruptsASearchIsToldHowFarItCame() {
        audience.interrupted = true;
        String two = EARLY + EARLY.substring(EARLY.indexOf("scenario")).replace("early", "later");
        assertThat(new Session(audience).explore("test.mmu", two, Exploration.everything())).isEqualTo(Status.INTERRUPTED);
        assertThat(audience.verdicts()).extracting(Event.Verdict::scenario).containsOnly("early");
    }

    @Test
    void exploringTriesEachFreeChoice() {
        String script = """
                process app
                scenario choice {
                  let buf = app.main: mmap 8K rw
                  race {
                    app.main: { touch any(buf, 4K) write; touch buf[0 +4K] write when buf.resident == 0 }
                    either { app.main: nop } or { app.main: touch buf write }
                  }
                  exists buf.resident == 1
                  exists buf.resident == 2
                  maximum buf.pte[0]
                }
                explore choice
                """;
        assertThat(run(script)).as(() -> audience.diagnostics.toString()).isEqualTo(Status.HELD);
    }

    @Test
    void aChildThatIsNotBornYetWaits() {
        String script = """
                process app
                scenario birth {
                  let buf = app.main: mmap 4K rw
                  app.main: touch buf write
                  race {
                    app.main: { fork child; touch buf write }
                    child.main: { touch buf write; exit }
                  }
                  forbid use_after_free
                  forbid deadlock
                  expect child.exited
                }
                explore birth
                """;
        assertThat(run(script)).as(() -> audience.diagnostics + " " + audience.verdicts()).isEqualTo(Status.HELD);
    }

    @Test
    void aMatrixOfWhatThereIsNotIsRefusedBeforeAnythingRuns() {
        Exploration request = new Exploration(null, null, null, null, null, null, null, null, List.of("3.17"), List.of("rnage"),
                List.of("via"), false, false, false, null);
        assertThat(new Session(audience).explore("test.mmu", EARLY, request)).isEqualTo(Status.REFUSED);
        assertThat(audience.diagnostics).extracting(one -> one.code()).containsExactly("unknown-kernel", "unknown-driver", "unknown-vendor");
        assertThat(audience.moments).isEmpty();
    }
}
