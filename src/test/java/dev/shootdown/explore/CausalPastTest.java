package dev.shootdown.explore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A run cut to what its end depends on. */
class CausalPastTest {
    private static Engine begin(Start start) {
        Engine engine = start.begin();
        engine.world().journal(true);
        return engine;
    }

    @Test
    void whatOthersDidForThemselvesIsLeftOut() {
        Start start = Toy.of(List.of(new Toy.Put(0, 1), new Toy.Put(1, 1)), List.of(new Toy.Put(4, 1), new Toy.Load(0), new Toy.Store(2, 0)),
                List.of(new Toy.Put(5, 1), new Toy.Put(5, 2)));
        Engine engine = begin(start);
        List<Choice> run = List.of(new Choice(2, 0), new Choice(0, 0), new Choice(1, 0), new Choice(0, 0), new Choice(1, 0), new Choice(2, 0), new Choice(1, 0));
        List<Choice> past = new CausalPast(engine).of(run, () -> Toy.word(engine.world(), 2) == 1);
        assertThat(past).containsExactly(new Choice(0, 0), new Choice(1, 0), new Choice(1, 0), new Choice(1, 0));
    }

    /** A step counts too that made another one ready, or would have kept it from being so. */
    @Test
    void whoWaitedForSomebodyDependsOnHim() {
        Start start = Toy.of(List.of(new Toy.Lock(0), new Toy.Unlock(0)), List.of(new Toy.Lock(0), new Toy.Put(1, 1)));
        Engine engine = begin(start);
        List<Choice> run = List.of(new Choice(0, 0), new Choice(0, 0), new Choice(1, 0), new Choice(1, 0));
        assertThat(new CausalPast(engine).of(run, () -> Toy.word(engine.world(), 1) == 1)).hasSize(4);
    }

    @Test
    void itIsARunAndEndsTheSameWay() {
        int shorter = 0;
        for (int seed = 0; seed < 500; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Start start = Toy.of(row(random), row(random), row(random));
            Engine engine = begin(start);
            int word = random.nextInt(4);
            long before = engine.world().fingerprint();
            List<Choice> run = run(engine, random, word);
            assertThat(engine.world().fingerprint()).isEqualTo(before);
            List<Choice> past = new CausalPast(engine).of(run, () -> Toy.word(engine.world(), word) == 1);
            Engine again = begin(start);
            past.forEach(choice -> {
                assertThat(again.ready(again.actors().get(choice.actor()))).isTrue();
                again.step(choice);
            });
            boolean shows = !run.isEmpty() && Toy.word(again.world(), word) == 1;
            assertThat(shows || past.equals(run)).isTrue();
            shorter += past.size() < run.size() ? 1 : 0;
        }
        assertThat(shorter).isGreaterThan(50);
    }

    static List<Step> row(SplittableRandom random) {
        List<Step> row = new ArrayList<>();
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            int word = random.nextInt(4);
            row.add(switch (random.nextInt(4)) {
                case 0 -> new Toy.Put(word, random.nextInt(2));
                case 1 -> new Toy.Lock(word);
                case 2 -> new Toy.Load(word);
                default -> new Toy.Store(word, random.nextInt(2));
            });
        }
        return row;
    }

    /** A run at random, until the word is 1 or nobody can go on. */
    static List<Choice> run(Engine engine, SplittableRandom random, int word) {
        List<Choice> run = new ArrayList<>();
        int start = engine.world().mark();
        List<Actor> ready = engine.actors().stream().filter(engine::ready).toList();
        while (!ready.isEmpty() && Toy.word(engine.world(), word) != 1) {
            run.add(new Choice(ready.get(random.nextInt(ready.size())).number(), 0));
            engine.step(run.getLast());
            ready = engine.actors().stream().filter(engine::ready).toList();
        }
        engine.world().rewind(start);
        return run;
    }
}
