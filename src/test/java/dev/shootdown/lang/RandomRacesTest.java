package dev.shootdown.lang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.check.Checkers;
import dev.shootdown.explore.Bounds;
import dev.shootdown.explore.Condition;
import dev.shootdown.explore.Explorer;
import dev.shootdown.explore.Result;
import dev.shootdown.explore.Verdict;
import dev.shootdown.sim.Engine;
import dev.shootdown.vocabulary.Refusal;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Reduced and factored searches are sound on races of the whole machine that nobody has thought of: kernels, vendors, drivers and
 * operations by lot. They find the ends of the plain search, its verdicts, and witnesses as short; with factors the states and
 * transitions too. {@code -Dshootdown.races=FROM-TO} tries other seeds, {@code -Dshootdown.races.states=N} larger races.
 */
class RandomRacesTest {
    private static final String SEEDS = System.getProperty("shootdown.races", "1-100");
    /** A race with more states than this without reduction is left out. */
    private static final long MOST = Long.getLong("shootdown.races.states", 5_000);

    /** Found by lot: a checker looks at what a thread has still to do when one device writes, and nobody else's step does. */
    private static final String CHECKED = """
            machine { kernel="3.19" cpus=3 swap=1M }
            iommu mmu { vendor=riscv }
            process app { threads=[main, worker] }
            device gpu0 behind mmu { ats pri }
            bind gpu0 to app pasid=1 driver=ends
            scenario race {
              let buf = app.main: mmap 8K rw
              race {
                app.main: fork child
                gpu0: { dma write buf[0 +4K]; dma write buf }
              }
              forbid stale_read
            }
            """;

    @TestFactory
    List<DynamicTest> allSearchesAgree() {
        String[] ends = SEEDS.split("-");
        return LongStream.rangeClosed(Long.parseLong(ends[0]), Long.parseLong(ends[1]))
                .mapToObj(seed -> DynamicTest.dynamicTest("race " + seed, () -> compare(new RandomRace(seed).script(), MOST))).toList();
    }

    @Test
    void whatACheckerLooksAtIsNobodysOwn() {
        compare(CHECKED, Long.MAX_VALUE);
    }

    private static void compare(String script, long most) {
        Scene scene = Scene.of(script);
        if (scene == null) {
            return;
        }
        Result plain = scene.explorer().bounds(Bounds.none().states(most)).plain(true).explore();
        if (!plain.reach().complete()) {
            return;
        }
        Result factored = scene.explorer().patience(1).factoring(true).explore();
        assertThat(told(factored)).as(script).isEqualTo(told(plain));
        assertThat(told(scene.explorer().factoring(false).explore())).as(script).isEqualTo(told(plain));
        if (factored.counts().states() >= plain.counts().states()) {
            assertThat(factored.counts().states()).as(script).isEqualTo(plain.counts().states());
            assertThat(factored.counts().transitions()).as(script).isEqualTo(plain.counts().transitions());
        }
    }

    /** What all searches have to agree on. */
    private static String told(Result result) {
        return result.verdicts().stream().map(RandomRacesTest::told).collect(Collectors.joining("\n"));
    }

    private static String told(Verdict verdict) {
        return verdict.condition().written() + " " + verdict.often() + " " + verdict.holds() + " " + verdict.happened() + "/" + verdict.ends()
                + (verdict.witness() == null ? "" : " in " + verdict.witness().choices().size());
    }

    /** A scenario, to be explored as often as wanted. */
    private record Scene(Play play, List<Condition> conditions) {
        /** Null where its setup fails on that kernel. */
        static Scene of(String script) {
            Play play = new Play(new Audience(), Overrides.NONE, new Inclusions(), Fence.NONE);
            play.learn(Parser.parse("race.mmu", script).statements());
            try {
                return new Scene(play, Claims.of(stage(play)));
            } catch (Refusal | Ended failed) {
                return null;
            }
        }

        private static Stage stage(Play play) {
            return Stage.set(play, play.front(), play.scenarios().get("race"), Overrides.NONE, false, Choices.always());
        }

        Explorer explorer() {
            return new Explorer(this::begin, conditions);
        }

        private Engine begin() {
            Stage stage = stage(play);
            stage.engine().world().part(Checkers.class).watch(Claims.checks(stage.conditions()), false);
            return stage.engine();
        }
    }
}
