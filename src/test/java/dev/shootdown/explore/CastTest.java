package dev.shootdown.explore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The few who are needed to show something. */
class CastTest {
    private static final int WORD = 2;
    private static final Condition FORBIDDEN = Toy.forbid("word", toy -> toy.words.get(WORD) == 1);

    /** Two race for a word; the others pass the lock that they take, so that everything that anybody did is in the end's past. */
    private static final Start CROWD = Toy.of(List.of(new Toy.Lock(4), new Toy.Put(0, 1), new Toy.Unlock(4)), List.of(new Toy.Lock(4), new Toy.Load(0),
            new Toy.Store(WORD, 0), new Toy.Unlock(4)), busy(), busy(), busy(), List.of(new Toy.Work(9)));

    private static List<Step> busy() {
        return List.of(new Toy.Lock(4), new Toy.Put(3, 1), new Toy.Unlock(4), new Toy.Lock(4), new Toy.Put(3, 2), new Toy.Unlock(4));
    }

    private static List<Choice> shorter(Judge judge, List<Choice> run) {
        return new Cast(judge, 1, Bounds.none(), new Clock(Progress.NONE, Double.POSITIVE_INFINITY)).shorter(run);
    }

    private static Judge judge(Start start) {
        Engine engine = start.begin();
        engine.world().journal(true);
        Judge judge = new Judge(engine, List.of(FORBIDDEN));
        judge.begin();
        return judge;
    }

    @Test
    void whoIsNotNeededStandsStill() {
        List<Choice> run = new ArrayList<>();
        for (int actor : new int[] {2, 2, 2, 3, 3, 3, 0, 0, 0, 4, 4, 4, 1, 1, 1}) {
            run.add(new Choice(actor, 0));
        }
        assertThat(shorter(judge(CROWD), run).stream().map(Choice::actor)).containsExactly(0, 0, 0, 1, 1, 1);
    }

    /** A search that is cut short tells the short story all the same. */
    @Test
    void aBoundedSearchShowsWhoIsNeeded() {
        Witness witness = new Explorer(CROWD, List.of(FORBIDDEN)).bounds(Bounds.none().states(60)).explore().verdicts().getFirst().witness();
        assertThat(witness.shortest()).isFalse();
        assertThat(witness.choices()).hasSize(6);
    }

    /** What it finds is a run that shows the same; mostly there is no shorter one in the whole race. */
    @Test
    void itIsARunAndMostlyTheShortest() {
        int tried = 0;
        int shortest = 0;
        for (int seed = 0; seed < 400; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Start start = Toy.of(CausalPastTest.row(random), CausalPastTest.row(random), CausalPastTest.row(random), CausalPastTest.row(random));
            Witness witness = new Explorer(start, List.of(FORBIDDEN)).plain(true).explore().verdicts().getFirst().witness();
            if (witness == null) {
                continue;
            }
            Judge judge = judge(start);
            List<Choice> run = anyRun(judge, random);
            List<Choice> shorter = shorter(judge, run);
            assertThat(shorter.size()).isBetween(witness.choices().size(), run.size());
            for (Choice choice : shorter) {
                assertThat(judge.engine().ready(judge.engine().actors().get(choice.actor()))).isTrue();
                judge.engine().step(choice);
            }
            assertThat(Toy.word(judge.engine().world(), WORD)).isEqualTo(1);
            tried++;
            shortest += shorter.size() == witness.choices().size() ? 1 : 0;
        }
        assertThat(tried).isGreaterThan(100);
        assertThat(shortest).isGreaterThan(tried * 80 / 100);
    }

    /** Of many runs at random the longest one that shows it. */
    private static List<Choice> anyRun(Judge judge, SplittableRandom random) {
        List<List<Choice>> runs = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            List<Choice> run = CausalPastTest.run(judge.engine(), random, WORD);
            int start = judge.engine().world().mark();
            run.forEach(judge.engine()::step);
            if (Toy.word(judge.engine().world(), WORD) == 1) {
                runs.add(run);
            }
            judge.engine().world().rewind(start);
        }
        return runs.stream().max(Comparator.comparingInt(List::size)).orElseThrow();
    }
}
