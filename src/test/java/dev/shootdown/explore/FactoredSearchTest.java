package dev.shootdown.explore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.check.Check;
import dev.shootdown.check.Checkers;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The factored search held against the plain one: the same states, transitions, ends and verdicts, counted to the last one. */
class FactoredSearchTest {
    private static final int SCENARIOS = 600;
    private static final int WORDS = 6;
    private static final List<Check> WATCHED = List.of(Check.USE_AFTER_FREE, Check.DEVICE_FAILED, Check.DEADLOCK);

    /** What a search found; null where it gave up. */
    private record Found(long states, long transitions, long counted, List<Long> happened, long[] ends, List<Tally.Example> examples, Engine engine) {
        static Found of(Start start, List<Condition> conditions, int[] apart, boolean plain) {
            Engine engine = start.begin();
            engine.world().journal(true);
            Judge judge = new Judge(engine, conditions);
            judge.begin();
            Tally tally = new Tally(conditions);
            Clock clock = new Clock(Progress.NONE, Double.POSITIVE_INFINITY);
            List<Actor> actors = apart == null ? null : IntStream.of(apart).mapToObj(engine.actors()::get).toList();
            Searching search = plain ? new Search(judge, tally, Bounds.none(), clock, ActorOrder.of(engine, null))
                    : new FactoredSearch(judge, tally, Bounds.none(), clock, actors);
            long before = engine.world().fingerprint();
            search.run();
            assertThat(engine.world().fingerprint()).isEqualTo(before);
            if (search.gaveUp()) {
                return null;
            }
            Counts counts = search.counts();
            IntStream all = IntStream.range(0, conditions.size());
            return new Found(counts.states(), counts.transitions(), tally.ends(), all.mapToObj(tally::happened).toList(), search.ends(),
                    IntStream.range(0, conditions.size()).mapToObj(tally::example).toList(), engine);
        }

        void same(Found other, Object what) {
            assertThat(states).as("%s: states", what).isEqualTo(other.states);
            assertThat(transitions).as("%s: transitions", what).isEqualTo(other.transitions);
            assertThat(counted).as("%s: ends", what).isEqualTo(other.counted);
            assertThat(happened).as("%s: happened", what).isEqualTo(other.happened);
            assertThat(ends).as("%s: ends", what).isEqualTo(other.ends);
        }

        /** Each example is a run, and the last state of it shows what it is an example of. */
        void told(List<Condition> conditions, Start start) {
            for (int i = 0; i < conditions.size(); i++) {
                Quantifier quantifier = conditions.get(i).quantifier();
                if (examples.get(i) != null && quantifier.everyStep()) {
                    Engine again = start.begin();
                    for (Choice choice : examples.get(i).choices()) {
                        assertThat(again.ready(again.actors().get(choice.actor()))).isTrue();
                        again.step(choice);
                    }
                    again.world().part(Checkers.class).end();
                    assertThat(conditions.get(i).value().applyAsLong(again.world())).isEqualTo(quantifier == Quantifier.FORBID ? 1 : 0);
                }
            }
        }
    }

    private static Condition forbid(Check check) {
        return Condition.lasting("forbid " + check.word(), Quantifier.FORBID, world -> world.part(Checkers.class).happened(check));
    }

    /** Each actor has words of its own beside those of all. */
    private static Start random(SplittableRandom random, int actors) {
        @SuppressWarnings("unchecked")
        List<Step>[] rows = new List[actors];
        for (int i = 0; i < actors; i++) {
            rows[i] = new ArrayList<>();
            for (int steps = 1 + random.nextInt(actors == 2 ? 6 : 4); steps > 0; steps--) {
                boolean own = random.nextInt(3) > 0;
                rows[i].add(step(random, own ? WORDS + i : random.nextInt(WORDS)));
            }
        }
        return acyclic(Toy.of(rows));
    }

    /** Nobody asks for cycles. */
    private static Start acyclic(Start start) {
        return () -> {
            Engine engine = start.begin();
            engine.world().part(Checkers.class).watch(List.of(Check.DEADLOCK), false);
            return engine;
        };
    }

    private static Step step(SplittableRandom random, int word) {
        return switch (random.nextInt(9)) {
            case 0 -> new Toy.Put(word, random.nextInt(3));
            case 1 -> new Toy.PutAny(word, 2);
            case 2, 3 -> new Toy.Load(word);
            case 4, 5 -> new Toy.Store(word, random.nextInt(2));
            case 6 -> new Toy.Lock(word);
            case 7 -> new Toy.Unlock(word);
            default -> new Toy.Serve(word);
        };
    }

    /** The last ones are asked in every state, of words that are all actors', and of one that would be an actor's own. */
    private static List<Condition> conditions() {
        return List.of(forbid(Check.DEADLOCK),
                Condition.of("expect 0", Quantifier.EXPECT, world -> Toy.word(world, 3) == 0),
                Condition.of("exists 1", Quantifier.EXISTS, world -> Toy.word(world, 1) == 1),
                Condition.of("forbid both", Quantifier.FORBID, world -> Toy.word(world, 0) == 1 && Toy.word(world, 1) == 1),
                Condition.of("always none", Quantifier.ALWAYS, world -> Toy.word(world, 2) == 0 || Toy.word(world, WORDS) == 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void statesTransitionsEndsAndVerdictsAreThoseOfThePlainSearch(int asked) {
        List<Condition> conditions = conditions().subList(0, asked);
        long states = 0;
        for (int seed = 0; seed < SCENARIOS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int actors = 2 + random.nextInt(3);
            Start start = random(random, actors);
            Found plain = Found.of(start, conditions, null, true);
            for (int[] apart : List.of(IntStream.range(0, actors).toArray(), new int[] {0, actors - 1})) {
                Found factored = Found.of(start, conditions, apart, false);
                assertThat(factored).isNotNull();
                factored.same(plain, seed);
                factored.told(conditions, start);
            }
            states += plain.states;
        }
        assertThat(states).isGreaterThan(20L * SCENARIOS);
    }

    /** How many steps the shortest run has that shows a condition; -1 where there is none. */
    private static int[] shortest(Start start, List<Condition> conditions, boolean factored) {
        Engine engine = start.begin();
        engine.world().journal(true);
        Judge judge = new Judge(engine, conditions);
        judge.begin();
        int[] lengths = new int[conditions.size()];
        Arrays.fill(lengths, -1);
        long[] left = {(1L << lengths.length) - 1};
        Shortest.Goal goal = end -> left[0] & (end ? judge.shownAtEnd(judge.trueAtEnd(judge.atStep())) : judge.atStep());
        Shortest.Found found = (shown, choices) -> {
            BitSet.valueOf(new long[] {shown}).stream().forEach(i -> lengths[i] = choices.size());
            left[0] &= ~shown;
            return left[0] != 0;
        };
        Clock clock = new Clock(Progress.NONE, Double.POSITIVE_INFINITY);
        boolean bounded = factored ? new ShortestOfMany(judge, goal, Bounds.none(), clock, engine.actors()).run(Integer.MAX_VALUE, found)
                : new Shortest(engine, goal, Bounds.none(), clock).run(Integer.MAX_VALUE, found);
        assertThat(bounded).isFalse();
        return lengths;
    }

    @Test
    void shortestRunsAreAsShortAsThoseOfTheSearchThatGoesFromStateToState() {
        List<Condition> conditions = conditions();
        int shown = 0;
        for (int seed = 0; seed < SCENARIOS; seed++) {
            Start start = random(new SplittableRandom(seed), 2 + seed % 3);
            int[] lengths = shortest(start, conditions, false);
            assertThat(shortest(start, conditions, true)).as("seed %d", seed).isEqualTo(lengths);
            shown += (int) IntStream.of(lengths).filter(length -> length > 0).count();
        }
        assertThat(shown).isGreaterThan(SCENARIOS / 4);
    }

    @ParameterizedTest
    @CsvSource({"3.19,range,1,2,1", "3.19,start,1,2,1", "3.16,ends,1,2,1", "6.6,range,1,2,1", "6.6,none,1,2,1", "3.19,range,1,2,2"})
    void racesOfTheWholeMachineAreCountedAsThePlainSearchDoes(String kernel, String driver, int pages, int devices, int accesses) {
        Race race = new Race(kernel, driver, pages, devices, accesses, WATCHED);
        List<Condition> conditions = WATCHED.stream().map(FactoredSearchTest::forbid).toList();
        Found factored = Found.of(race, conditions, null, false);
        assertThat(factored).isNotNull();
        factored.same(Found.of(race, conditions, null, true), race);
        factored.told(conditions, race);
    }

    /** Nobody knows of a step that wipes what it has just written what that depends on. */
    @Test
    void itGivesUpWhereNobodyKnowsWhatAStepDependsOn() {
        Start start = acyclic(Toy.of(List.of(new Toy.Put(4, 1), new Toy.Wipe(0)), List.of(new Toy.Put(5, 1))));
        assertThat(Found.of(start, List.of(), new int[] {0, 1}, false)).isNull();
        assertThat(new Explorer(start, List.of()).explore().reach().complete()).isTrue();
    }

    /** Each of eight actors can have taken none to twenty steps: 37 billion states, which no search that goes from one to the next can visit. */
    @Test
    void whatActorsDoAloneIsNotMultiplied() {
        @SuppressWarnings("unchecked")
        List<Step>[] rows = new List[8];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new ArrayList<>();
            for (int k = 0; k < 20; k++) {
                rows[i].add(new Toy.Put(8 + i, 1 + k));
            }
        }
        Found found = Found.of(acyclic(Toy.of(rows)), List.of(), IntStream.range(0, rows.length).toArray(), false);
        assertThat(found.states).isEqualTo(37_822_859_361L);
        assertThat(found.counted).isEqualTo(1);
    }
}
