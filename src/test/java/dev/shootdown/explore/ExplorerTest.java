package dev.shootdown.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.shootdown.check.Check;
import dev.shootdown.check.Checkers;
import dev.shootdown.explore.Toy.Load;
import dev.shootdown.explore.Toy.Lock;
import dev.shootdown.explore.Toy.Poll;
import dev.shootdown.explore.Toy.Put;
import dev.shootdown.explore.Toy.PutAny;
import dev.shootdown.explore.Toy.Serve;
import dev.shootdown.explore.Toy.Store;
import dev.shootdown.explore.Toy.Unlock;
import dev.shootdown.explore.Toy.Work;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Step;
import dev.shootdown.vocabulary.Refusal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Searches of small races whose states, ends and shortest runs are known by counting on paper. */
class ExplorerTest {
    /** Two actors add 1 to a word each, by loading and storing. */
    private static final Start COUNTER = Toy.of(List.of(new Load(0), new Store(0, 1)), List.of(new Load(0), new Store(0, 1)));

    private static Condition check(Quantifier quantifier, Check check) {
        return Condition.lasting(quantifier.word() + " " + check.word(), quantifier, world -> world.part(Checkers.class).happened(check));
    }

    private static Condition end(String written, Quantifier quantifier, Function<Toy, Boolean> test) {
        return Condition.of(quantifier.word() + " " + written, quantifier, world -> test.apply(world.part(Toy.class)));
    }

    private static Result explore(Start start, Condition... conditions) {
        return new Explorer(start, List.of(conditions)).plain(true).explore();
    }

    private static Verdict verdict(Start start, Condition condition) {
        return explore(start, condition).verdicts().getFirst();
    }

    // ---------------------------------------------------------------- counts

    @Test
    void independentActorsMakeAGrid() {
        Counts counts = explore(Toy.of(List.of(new Work(4)), List.of(new Work(2)), List.of(new Work(3)))).counts();
        assertThat(counts.states()).isEqualTo(5 * 3 * 4);
        assertThat(counts.transitions()).isEqualTo(4 * 3 * 4 + 5 * 2 * 4 + 5 * 3 * 3);
        assertThat(counts.ends()).isEqualTo(1);
        assertThat(counts.depth()).isEqualTo(9);
        assertThat(counts.cycles()).isZero();
    }

    @Test
    void everyChoiceIsTried() {
        Result result = explore(Toy.of(List.of(new PutAny(0, 3)), List.of(new PutAny(1, 2))));
        assertThat(result.counts().states()).isEqualTo((1 + 3) * (1 + 2));
        assertThat(result.counts().ends()).isEqualTo(6);
        assertThat(result.reach().complete()).isTrue();
        assertThat(result.reach().text()).isEqualTo("complete");
    }

    @Test
    void aRaceThatIsOverAtOnceHasOneStateWhichIsItsEnd() {
        Result result = explore(Toy.of(), end("true", Quantifier.EXISTS, toy -> true));
        assertThat(result.counts().states()).isEqualTo(1);
        assertThat(result.counts().ends()).isEqualTo(1);
        assertThat(result.verdicts().getFirst().holds()).isEqualTo(Verdict.Holds.YES);
        assertThat(result.verdicts().getFirst().witness().choices()).isEmpty();
    }

    @Test
    void theSameSearchCountsTheSameWhateverItsOrder() {
        Start start = Toy.of(List.of(new Load(0), new Store(0, 1), new PutAny(3, 2)), List.of(new Load(0), new Store(0, 2)),
                List.of(new Lock(3), new Unlock(3), new Put(0, 9)));
        Condition lost = end("lost", Quantifier.EXISTS, toy -> toy.words.get(0) == 1);
        Set<String> seen = new HashSet<>();
        for (long seed = 0; seed < 10; seed++) {
            Result result = new Explorer(start, List.of(lost)).plain(true).seed(seed).explore();
            Counts counts = result.counts();
            seen.add(counts.states() + " " + counts.transitions() + " " + counts.ends() + " " + result.verdicts().getFirst().text());
        }
        assertThat(seen).hasSize(1);
    }

    @Test
    void collisionsToExpectAreComputed() {
        assertThat(new Counts(7, 1L << 32, 0, 0, 0, 0, 0, 0).collisions()).isCloseTo(0.5, within(1e-9));
        assertThat(new Counts(1000, 1000, 0, 0, 0, 0, 13_000, 2).bytesPerState()).isEqualTo(13);
    }

    // ---------------------------------------------------------------- verdicts

    @Test
    void aLostUpdateIsSometimes() {
        Verdict lost = verdict(COUNTER, end("1", Quantifier.EXISTS, toy -> toy.words.get(0) == 1));
        assertThat(lost.text()).isEqualTo("Sometimes 1 of 2");
        assertThat(lost.holds()).isEqualTo(Verdict.Holds.YES);
        assertThat(lost.witness().choices()).hasSize(4);
        assertThat(lost.witness().shortest()).isTrue();
        Verdict expected = verdict(COUNTER, end("2", Quantifier.EXPECT, toy -> toy.words.get(0) == 2));
        assertThat(expected.text()).isEqualTo("Sometimes 1 of 2");
        assertThat(expected.holds()).isEqualTo(Verdict.Holds.NO);
        assertThat(expected.witness().choices()).hasSize(4);
    }

    @Test
    void neverAndAlways() {
        Result result = explore(COUNTER,
                end("3", Quantifier.EXISTS, toy -> toy.words.get(0) == 3),
                end("changed", Quantifier.EXPECT, toy -> toy.words.get(0) != 0),
                Toy.forbid("3", toy -> toy.words.get(0) == 3),
                Toy.forbid("1", toy -> toy.words.get(0) == 1),
                end("below 3", Quantifier.ALWAYS, toy -> toy.words.get(0) < 3),
                end("0", Quantifier.ALWAYS, toy -> toy.words.get(0) == 0));
        assertThat(result.verdicts()).extracting(Verdict::text)
                .containsExactly("Never", "Always", "Never", "Always", "Always", "Never");
        assertThat(result.verdicts()).extracting(Verdict::holds).containsExactly(Verdict.Holds.NO, Verdict.Holds.YES, Verdict.Holds.YES,
                Verdict.Holds.NO, Verdict.Holds.YES, Verdict.Holds.NO);
        assertThat(result.verdicts()).extracting(verdict -> verdict.witness() == null ? -1 : verdict.witness().choices().size())
                .containsExactly(-1, -1, -1, 2, -1, 2);
    }

    @Test
    void whatWasTrueOnlyOnTheWayCounts() {
        Start start = Toy.of(List.of(new Put(0, 1), new Put(0, 0)), List.of(new Put(1, 1), new Put(1, 0)));
        Verdict both = verdict(start, Toy.forbid("both", toy -> toy.words.get(0) == 1 && toy.words.get(1) == 1));
        assertThat(both.text()).isEqualTo("Sometimes 1 of 2");
        assertThat(both.holds()).isEqualTo(Verdict.Holds.NO);
        assertThat(both.witness().choices()).hasSize(2);
        Verdict notBoth = verdict(start, end("not both", Quantifier.ALWAYS, toy -> toy.words.get(0) == 0 || toy.words.get(1) == 0));
        assertThat(notBoth.text()).isEqualTo("Sometimes 1 of 2");
        assertThat(notBoth.holds()).isEqualTo(Verdict.Holds.NO);
    }

    @Test
    void aConditionThatIsTrueAtTheBeginningIsTrueAtNoStepToo() {
        Verdict verdict = verdict(COUNTER, Toy.forbid("0", toy -> toy.words.get(0) == 0));
        assertThat(verdict.text()).isEqualTo("Always");
        assertThat(verdict.witness().choices()).isEmpty();
    }

    @Test
    void theLargestAndTheSmallestValueAreFoundAlsoOfWhatDoesNotCountAsState() {
        Start start = Toy.of(List.of(new Put(0, 1), new Put(0, 1)), List.of(new Serve(0)));
        Condition most = Condition.measure("maximum count", Quantifier.MAXIMUM, world -> world.part(Toy.class).counters.get(0));
        Condition least = Condition.measure("minimum count", Quantifier.MINIMUM, world -> world.part(Toy.class).counters.get(0));
        Result result = explore(start, most, least);
        assertThat(result.verdicts()).extracting(Verdict::value).containsExactly(2L, 1L);
        assertThat(result.verdicts()).extracting(verdict -> verdict.witness().choices().size()).containsExactly(4, 3);
        assertThat(result.counts().ends()).isEqualTo(2);
        assertThat(explore(start).counts().ends()).as("nobody asks for the counter").isEqualTo(1);
    }

    @Test
    void whatAConditionReadsLateCountsAsStateToo() {
        Start start = Toy.of(List.of(new Put(0, 1), new Put(0, 1), new Put(2, 1)), List.of(new Serve(0)));
        Verdict late = verdict(start, end("served twice", Quantifier.EXPECT, toy -> toy.words.get(2) == 0 || toy.counters.get(0) == 2));
        assertThat(late.text()).isEqualTo("Sometimes 1 of 2");
        Verdict never = verdict(start, Toy.forbid("late", toy -> toy.words.get(2) == 1 && toy.counters.get(0) == 1 && toy.words.get(0) == 0));
        assertThat(never.text()).isEqualTo("Sometimes 1 of 2");
    }

    // ---------------------------------------------------------------- deadlock and livelock

    private static Start philosophers(int count) {
        @SuppressWarnings("unchecked")
        List<Step>[] rows = new List[count];
        for (int i = 0; i < count; i++) {
            int right = (i + 1) % count;
            rows[i] = List.of(new Lock(i), new Lock(right), new Unlock(right), new Unlock(i));
        }
        return Toy.of(rows);
    }

    @Test
    void philosophersDeadlockInAsManyStepsAsThereAreForks() {
        for (int count = 2; count <= 5; count++) {
            Verdict verdict = verdict(philosophers(count), check(Quantifier.FORBID, Check.DEADLOCK));
            assertThat(verdict.text()).isEqualTo("Sometimes 1 of 2");
            assertThat(verdict.holds()).isEqualTo(Verdict.Holds.NO);
            assertThat(verdict.witness().choices()).hasSize(count).extracting(Choice::actor).doesNotHaveDuplicates();
            assertThat(verdict.witness().shortest()).isTrue();
        }
    }

    @Test
    void whoServesAndWaitsForWorkIsNoDeadlock() {
        assertThat(verdict(Toy.of(List.of(new Put(0, 1)), List.of(new Serve(0))), check(Quantifier.FORBID, Check.DEADLOCK)).text())
                .isEqualTo("Never");
    }

    @Test
    void pollingForeverIsALivelock() {
        Start start = Toy.of(List.of(new Poll(0)), List.of(new Put(1, 1), new Put(0, 1)));
        Result result = explore(start, check(Quantifier.FORBID, Check.LIVELOCK), check(Quantifier.FORBID, Check.DEADLOCK));
        Verdict livelock = result.verdicts().getFirst();
        assertThat(livelock.holds()).isEqualTo(Verdict.Holds.NO);
        assertThat(livelock.text()).isEqualTo("Sometimes 1 of 2");
        assertThat(livelock.witness().choices()).containsExactly(new Choice(0, 0));
        assertThat(result.verdicts().get(1).text()).isEqualTo("Never");
        assertThat(result.counts().cycles()).isPositive();
    }

    @Test
    void whatNeverEndsHasNoEndAndIsAlwaysALivelock() {
        Verdict verdict = verdict(Toy.of(List.of(new Poll(0)), List.of(new Poll(0))), check(Quantifier.FORBID, Check.LIVELOCK));
        assertThat(verdict.text()).isEqualTo("Always");
    }

    @Test
    void aCycleIsShownByAWayToItAndOnceRound() {
        Start start = Toy.of(List.of(new Lock(5), new Put(0, 1), new Toy.Chase(0, 3)), List.of(new Put(4, 1)));
        Verdict verdict = verdict(start, check(Quantifier.FORBID, Check.LIVELOCK));
        assertThat(verdict.witness().choices()).hasSize(2 + 3).allMatch(choice -> choice.actor() == 0);
        Engine engine = verdict.witness().token().replay(start);
        assertThat(engine.world().part(Toy.class).words.get(0)).isEqualTo(1);
    }

    // ---------------------------------------------------------------- bounds

    @Test
    void aBoundOnStatesIsSaid() {
        Start start = Toy.of(List.of(new Work(20)), List.of(new Work(20)));
        Result result = new Explorer(start, List.of(Toy.forbid("never", toy -> toy.words.get(99) == 1))).plain(true).bounds(Bounds.none().states(100)).explore();
        assertThat(result.reach().text()).isEqualTo("stopped at 100 states, not a proof");
        assertThat(result.counts().states()).isEqualTo(100);
        assertThat(result.verdicts().getFirst().holds()).isEqualTo(Verdict.Holds.UNKNOWN);
        Result exact = new Explorer(start, List.of()).plain(true).bounds(Bounds.none().states(441)).explore();
        assertThat(exact.reach().complete()).isTrue();
    }

    @Test
    void whatWasFoundWithinABoundIsFound() {
        Result result = new Explorer(COUNTER, List.of(Toy.forbid("1", toy -> toy.words.get(0) == 1))).plain(true).bounds(Bounds.none().states(4)).explore();
        assertThat(result.verdicts().getFirst().holds()).isEqualTo(Verdict.Holds.NO);
        assertThat(result.reach().complete()).isFalse();
    }

    @Test
    void aBoundOnDepthIsSaid() {
        Start start = Toy.of(List.of(new Work(3)), List.of(new Work(3)));
        Result result = new Explorer(start, List.of()).plain(true).bounds(Bounds.none().depth(5)).explore();
        assertThat(result.reach().text()).isEqualTo("stopped at 5 steps deep, not a proof");
        assertThat(result.counts().ends()).isZero();
        assertThat(new Explorer(start, List.of()).plain(true).bounds(Bounds.none().depth(6)).explore().reach().complete()).isTrue();
    }

    @Test
    void aBoundOnMemoryAndOnTimeIsSaid() {
        Start start = Toy.of(List.of(new Work(300)), List.of(new Work(300)), List.of(new Work(300)));
        Result memory = new Explorer(start, List.of()).plain(true).bounds(Bounds.none().memory(400_000)).explore();
        assertThat(memory.reach().stopped()).isEqualTo(Reach.Cause.MEMORY);
        assertThat(memory.counts().bytes()).isLessThan(410_000);
        assertThat(memory.counts().bytesPerState()).isLessThan(16);
        Result time = new Explorer(start, List.of()).plain(true).bounds(Bounds.none().seconds(0.2)).explore();
        assertThat(time.reach().stopped()).isEqualTo(Reach.Cause.TIME);
    }

    @Test
    void whoWatchesCanEndTheSearch() {
        List<String> phases = new ArrayList<>();
        Progress impatient = new Progress() {
            @Override
            public void at(String phase, Counts counts) {
                phases.add(phase);
            }

            @Override
            public boolean interrupted() {
                return phases.size() >= 2;
            }
        };
        Start start = Toy.of(List.of(new Work(1000)), List.of(new Work(1000)), List.of(new Work(1000)));
        Result result = new Explorer(start, List.of()).plain(true).progress(impatient).explore();
        assertThat(result.reach().stopped()).isEqualTo(Reach.Cause.INTERRUPTED);
        assertThat(result.counts().states()).isPositive();
        assertThat(phases).containsExactly("search", "search");
    }

    @Test
    void preemptionsAreBounded() {
        Condition lost = end("1", Quantifier.EXISTS, toy -> toy.words.get(0) == 1);
        Result none = new Explorer(COUNTER, List.of(lost)).bounds(Bounds.none().preemptions(0)).explore();
        assertThat(none.verdicts().getFirst().holds()).isEqualTo(Verdict.Holds.UNKNOWN);
        assertThat(none.reach().text()).isEqualTo("stopped at 0 preemptions, not a proof");
        Result one = new Explorer(COUNTER, List.of(lost)).bounds(Bounds.none().preemptions(1)).explore();
        assertThat(one.verdicts().getFirst().holds()).isEqualTo(Verdict.Holds.YES);
        Result three = new Explorer(COUNTER, List.of(lost)).bounds(Bounds.none().preemptions(3)).explore();
        assertThat(three.reach().complete()).as("two actors of two steps can be interrupted twice").isTrue();
        assertThat(three.verdicts().getFirst().text()).isEqualTo("Sometimes 1 of 2");
    }

    @Test
    void tooManyConditionsAreRefused() {
        List<Condition> many = new ArrayList<>();
        for (int i = 0; i < 65; i++) {
            many.add(Toy.forbid("x", toy -> false));
        }
        assertThatThrownBy(() -> new Explorer(COUNTER, many)).isInstanceOf(Refusal.class);
    }
}
