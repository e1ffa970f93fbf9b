package dev.shootdown.explore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.check.Check;
import dev.shootdown.check.Checkers;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The reduced search held against the plain one: the same ends and the same verdicts, whatever the order of the actors. */
class ReductionTest {
    private static final int SCENARIOS = 600;
    private static final int WORDS = 4;
    private static final List<Check> WATCHED = List.of(Check.USE_AFTER_FREE, Check.DEVICE_FAILED, Check.DEADLOCK, Check.LOST_FAULT, Check.LEAK);

    private static Condition check(Quantifier quantifier, Check check) {
        return Condition.lasting(quantifier.word() + " " + check.word(), quantifier, world -> world.part(Checkers.class).happened(check));
    }

    /** What one search found; its ends are null where it gave up, and the plain search answered. */
    private record Found(List<String> verdicts, List<Integer> witnesses, long[] ends, Counts counts) {
        static Found of(Start start, List<Condition> conditions, boolean plain, Long seed) {
            Engine engine = start.begin();
            engine.world().journal(true);
            Judge judge = new Judge(engine, conditions);
            judge.begin();
            Tally tally = new Tally(conditions);
            Clock clock = new Clock(Progress.NONE, Double.POSITIVE_INFINITY);
            int[] order = ActorOrder.of(engine, seed);
            Searching search = plain ? new Search(judge, tally, Bounds.none(), clock, order)
                    : new ReducedSearch(judge, tally, Bounds.none(), clock, order, null);
            search.run();
            long[] ends = search.gaveUp() ? null : search.ends();
            Explorer explorer = new Explorer(start, conditions).plain(plain).factoring(false);
            Result result = (seed == null ? explorer : explorer.seed(seed)).explore();
            List<String> verdicts = result.verdicts().stream().map(verdict -> verdict.text() + verdict.holds() + verdict.value()).toList();
            List<Integer> witnesses = result.verdicts().stream().map(v -> length(v.witness())).toList();
            return new Found(verdicts, witnesses, ends, result.counts());
        }

        /** A way to a cycle and round it need not be a shortest one. */
        private static int length(Witness witness) {
            return witness == null ? -1 : witness.shortest() ? witness.choices().size() : 0;
        }

        void same(Found other, Object what) {
            assertThat(verdicts).as("%s", what).isEqualTo(other.verdicts);
            assertThat(witnesses).as("%s", what).isEqualTo(other.witnesses);
            assertThat(counts.ends()).as("%s", what).isEqualTo(other.counts.ends());
            if (ends != null) {
                assertThat(ends).as("%s", what).isEqualTo(other.ends);
            }
        }
    }

    // ---------------------------------------------------------------- toys

    private static Start random(SplittableRandom random, boolean endless) {
        int actors = 2 + random.nextInt(3);
        @SuppressWarnings("unchecked")
        List<Step>[] rows = new List[actors];
        for (int i = 0; i < actors; i++) {
            rows[i] = new ArrayList<>();
            for (int steps = 1 + random.nextInt(actors == 2 ? 6 : 4); steps > 0; steps--) {
                rows[i].add(step(random, endless));
            }
        }
        return Toy.of(rows);
    }

    private static Step step(SplittableRandom random, boolean endless) {
        int word = random.nextInt(WORDS);
        return switch (random.nextInt(10)) {
            case 0 -> random.nextInt(3) == 0 ? new Toy.Wipe(word) : new Toy.Put(word, random.nextInt(3));
            case 1 -> new Toy.PutAny(word, 2);
            case 2, 3 -> new Toy.Load(word);
            case 4, 5 -> new Toy.Store(word, random.nextInt(2));
            case 6 -> new Toy.Lock(word);
            case 7 -> new Toy.Unlock(word);
            case 8 -> endless && random.nextInt(3) == 0 ? new Toy.Poll(word) : new Toy.Serve(word);
            default -> endless && random.nextInt(6) == 0 ? new Toy.Chase(word, 2) : new Toy.Serve(word);
        };
    }

    private static Start watching(Start start, boolean cycles) {
        return () -> {
            Engine engine = start.begin();
            engine.world().part(Checkers.class).watch(cycles ? List.of(Check.DEADLOCK, Check.LIVELOCK) : List.of(Check.DEADLOCK), false);
            return engine;
        };
    }

    /** What counts for ever has no end where somebody asks how often. */
    private static List<Condition> conditions(SplittableRandom random, boolean endless) {
        List<Condition> conditions = new ArrayList<>(List.of(
                Toy.forbid("both", toy -> toy.words.get(0) == 1 && toy.words.get(1) == 1),
                Condition.of("always little", Quantifier.ALWAYS, world -> Toy.word(world, 2) < 2),
                Condition.of("exists 1", Quantifier.EXISTS, world -> Toy.word(world, 1) == 1),
                Condition.of("expect 0", Quantifier.EXPECT, world -> Toy.word(world, 3) == 0),
                Condition.measure("maximum", Quantifier.MAXIMUM, world -> world.part(Toy.class).counters.get(1)),
                check(Quantifier.FORBID, Check.DEADLOCK),
                check(Quantifier.EXISTS, Check.LIVELOCK)));
        conditions.removeIf(condition -> random.nextInt(3) == 0 || endless && condition.quantifier().measures());
        return conditions;
    }

    @Test
    void endsAndVerdictsAreThoseOfThePlainSearch() {
        int violated = 0;
        long plainStates = 0;
        long reducedStates = 0;
        for (int seed = 0; seed < SCENARIOS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Condition> conditions = conditions(random, seed % 3 == 0);
            boolean cycles = conditions.stream().anyMatch(condition -> condition.written().contains("livelock"));
            Start start = watching(random(random, seed % 3 == 0), cycles);
            Found plain = Found.of(start, conditions, true, null);
            for (Long order : Arrays.asList(null, 1L, 2L)) {
                Found reduced = Found.of(start, conditions, false, order);
                reduced.same(plain, List.of(seed, String.valueOf(order)));
                reducedStates += reduced.counts.states();
                plainStates += plain.counts.states();
            }
            violated += plain.verdicts.stream().anyMatch(text -> text.contains("NO")) ? 1 : 0;
        }
        assertThat(violated).isBetween(SCENARIOS / 10, SCENARIOS / 10 * 9);
        assertThat(reducedStates).isLessThan(plainStates);
    }

    /** Neither actor's steps touch a cell of the other's; only the condition sees both. */
    @Test
    void aViolationThatOnlyTheConditionSeesIsFound() {
        Start start = Toy.of(List.of(new Toy.Put(0, 1), new Toy.Put(0, 2)), List.of(new Toy.Put(1, 1), new Toy.Put(1, 2)));
        Condition both = Toy.forbid("both", toy -> toy.words.get(0) == 1 && toy.words.get(1) == 1);
        Result result = new Explorer(start, List.of(both)).explore();
        assertThat(result.verdicts().getFirst().holds()).isEqualTo(Verdict.Holds.NO);
        assertThat(result.verdicts().getFirst().text()).isEqualTo("Sometimes 1 of 2");
        assertThat(new Explorer(start, List.of()).explore().counts().states()).as("nobody sees it, and one order is enough").isEqualTo(5);
    }

    @Test
    void whatCommutesIsTriedInOneOrder() {
        Start start = Toy.of(List.of(new Toy.Work(4)), List.of(new Toy.Work(2)), List.of(new Toy.Work(3)));
        Counts counts = new Explorer(start, List.of()).explore().counts();
        assertThat(counts.states()).isEqualTo(10);
        assertThat(counts.transitions()).isEqualTo(9);
    }

    @Test
    void aCounterThatNobodyAsksForMakesNoDependency() {
        Start start = Toy.of(List.of(new Toy.Put(1, 1), new Toy.Serve(1)), List.of(new Toy.Put(2, 1), new Toy.Serve(2)));
        assertThat(new Explorer(start, List.of()).explore().counts().transitions()).isEqualTo(4);
    }

    @Test
    void whyActorsHadToBeTriedIsTold() {
        Meetings meetings = new Meetings();
        Start start = Toy.of(List.of(new Toy.Put(0, 1)), List.of(new Toy.Put(1, 1), new Toy.Put(0, 2)));
        new Explorer(start, List.of()).meetings(meetings).explore();
        assertThat(meetings.list()).isNotEmpty().allMatch(meeting -> meeting.cell().equals("toy.words"));
        assertThat(meetings.list().getFirst().step()).isEqualTo("Put");
    }

    /** Whatever the number of threads, a plain search leaves the same states by the same transitions, and meets the same ends. */
    @Test
    void threadsSearchTogetherAsOneDoes() {
        for (int seed = 0; seed < 60; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Condition> conditions = conditions(random, false);
            conditions.removeIf(condition -> condition.written().contains("livelock"));
            Start start = watching(random(random, false), false);
            Result one = new Explorer(start, conditions).plain(true).explore();
            Result three = new Explorer(start, conditions).plain(true).threads(3).explore();
            assertThat(text(three)).as("%s", seed).isEqualTo(text(one));
        }
        Race race = new Race("3.19", "start", 2, 1, 1, WATCHED);
        List<Condition> conditions = WATCHED.stream().map(check -> check(Quantifier.FORBID, check)).toList();
        assertThat(text(new Explorer(race, conditions).plain(true).threads(2).explore())).isEqualTo(text(new Explorer(race, conditions).plain(true).explore()));
    }

    private static List<String> text(Result result) {
        List<String> all = new ArrayList<>(result.verdicts().stream()
                .map(verdict -> verdict.text() + verdict.holds() + verdict.value() + Found.length(verdict.witness())).toList());
        all.add(result.reach().text() + result.counts().states() + " " + result.counts().transitions() + " " + result.counts().ends());
        return all;
    }

    // ---------------------------------------------------------------- the whole machine

    @ParameterizedTest
    @CsvSource({"3.16, none, 1, 1, 1", "3.19, start, 1, 2, 1", "3.16, ends, 2, 1, 2", "6.6, start, 1, 2, 1", "3.19, start, 1, 1, 1", "3.16, start, 2, 1, 1", "3.19, range, 1, 1, 2", "3.16, ends, 1, 1, 1",
        "3.19, range, 1, 2, 1", "6.6, range, 1, 1, 1"})
    void racesOfTheWholeMachineEndAsInThePlainSearch(String kernel, String driver, int pages, int devices, int accesses) {
        Race race = new Race(kernel, driver, pages, devices, accesses, WATCHED);
        List<Condition> conditions = WATCHED.stream().map(check -> check(Quantifier.FORBID, check)).toList();
        Found plain = Found.of(race, conditions, true, null);
        for (Long order : Arrays.asList(null, 7L)) {
            Found reduced = Found.of(race, conditions, false, order);
            reduced.same(plain, race);
            assertThat(reduced.counts.transitions()).isLessThan(plain.counts.transitions());
        }
    }
}
