package dev.shootdown.explore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Agenda;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The search held against one that is too simple to be wrong: whole states compared, each reached by a run from the beginning. */
class ReferenceTest {
    private static final int SCENARIOS = 150;
    private static final int WORDS = 3;

    /** Everything that tells a state from another, and whether word 0 has ever been 2. */
    private record State(List<Object> everything, boolean broken) {}

    /** What the simple search finds. */
    private static final class Reference {
        final Map<State, List<Choice>> shortest = new HashMap<>();
        final Set<State> ends = new HashSet<>();
        long transitions;
        int toBroken = -1;

        Reference(Start start) {
            Deque<List<Choice>> waiting = new ArrayDeque<>();
            visit(start, List.of(), waiting);
            while (!waiting.isEmpty()) {
                List<Choice> run = waiting.poll();
                Engine engine = start.begin();
                run.forEach(engine::step);
                for (Actor actor : engine.actors()) {
                    for (int choice = 0; engine.ready(actor) && choice < engine.choices(actor); choice++) {
                        List<Choice> longer = new ArrayList<>(run);
                        longer.add(new Choice(actor.number(), choice));
                        transitions++;
                        visit(start, longer, waiting);
                    }
                }
            }
        }

        private void visit(Start start, List<Choice> run, Deque<List<Choice>> waiting) {
            Engine engine = start.begin();
            boolean broken = Toy.word(engine.world(), 0) == 2;
            for (Choice choice : run) {
                engine.step(choice);
                broken |= Toy.word(engine.world(), 0) == 2;
            }
            State state = new State(everything(engine), broken);
            if (shortest.putIfAbsent(state, run) == null) {
                waiting.add(run);
                toBroken = broken && toBroken < 0 ? run.size() : toBroken;
                if (engine.quiet()) {
                    ends.add(state);
                }
            }
        }

        private static List<Object> everything(Engine engine) {
            List<Object> all = new ArrayList<>();
            for (Actor actor : engine.actors()) {
                all.add(Agenda.steps(actor.agenda()));
                all.add(actor.result());
            }
            for (int i = 0; i < WORDS; i++) {
                all.add(Toy.word(engine.world(), i));
            }
            return all;
        }
    }

    private static Start random(SplittableRandom random) {
        int actors = 2 + random.nextInt(2);
        @SuppressWarnings("unchecked")
        List<Step>[] rows = new List[actors];
        for (int i = 0; i < actors; i++) {
            rows[i] = new ArrayList<>();
            for (int steps = 1 + random.nextInt(4); steps > 0; steps--) {
                rows[i].add(step(random));
            }
        }
        return Toy.of(rows);
    }

    private static Step step(SplittableRandom random) {
        int word = random.nextInt(WORDS);
        return switch (random.nextInt(9)) {
            case 0 -> new Toy.Put(word, random.nextInt(2) + 1);
            case 1 -> new Toy.PutAny(word, 2);
            case 2, 3 -> new Toy.Load(word);
            case 4, 5 -> new Toy.Store(word, random.nextInt(2));
            case 6 -> new Toy.Lock(word);
            case 7 -> new Toy.Unlock(word);
            default -> random.nextInt(3) == 0 ? new Toy.Poll(word) : new Toy.Serve(word);
        };
    }

    @Test
    void countsVerdictsAndShortestRunsAreThoseOfASimpleSearch() {
        int violated = 0;
        for (int seed = 0; seed < SCENARIOS; seed++) {
            Start start = random(new SplittableRandom(seed));
            Reference reference = new Reference(start);
            Condition forbidden = Toy.forbid("2", toy -> toy.words.get(0) == 2);
            Condition exists = Condition.of("exists 1", Quantifier.EXISTS, world -> Toy.word(world, 1) == 1);
            Result result = new Explorer(start, List.of(forbidden, exists)).plain(true).seed(seed).explore();
            assertThat(result.counts().states()).as("states of %s", seed).isEqualTo(reference.shortest.size());
            assertThat(result.counts().transitions()).as("transitions of %s", seed).isEqualTo(reference.transitions);
            assertThat(result.counts().ends()).as("ends of %s", seed).isEqualTo(reference.ends.size());
            checkForbidden(result.verdicts().getFirst(), reference, seed);
            checkExists(result.verdicts().get(1), reference, seed);
            violated += reference.toBroken >= 0 ? 1 : 0;
        }
        assertThat(violated).isBetween(SCENARIOS / 10, SCENARIOS / 10 * 9);
    }

    private static void checkForbidden(Verdict verdict, Reference reference, int seed) {
        long broken = reference.ends.stream().filter(State::broken).count();
        assertThat(verdict.holds()).as("%s", seed).isEqualTo(reference.toBroken >= 0 ? Verdict.Holds.NO : Verdict.Holds.YES);
        if (broken > 0 || reference.toBroken < 0) {
            assertThat(verdict.happened()).as("%s", seed).isEqualTo(broken);
            assertThat(verdict.ends()).isEqualTo(reference.ends.size());
        }
        if (reference.toBroken >= 0) {
            assertThat(verdict.witness().choices()).as("%s", seed).hasSize(reference.toBroken);
            assertThat(verdict.witness().shortest()).isTrue();
        } else {
            assertThat(verdict.witness()).isNull();
        }
    }

    /** The words follow the agendas and results of the actors in {@link State#everything}. */
    private static void checkExists(Verdict verdict, Reference reference, int seed) {
        List<State> those = reference.ends.stream().filter(end -> end.everything().get(end.everything().size() - WORDS + 1).equals(1L)).toList();
        assertThat(verdict.happened()).as("%s", seed).isEqualTo(those.size());
        assertThat(verdict.holds()).isEqualTo(those.isEmpty() ? Verdict.Holds.NO : Verdict.Holds.YES);
        those.stream().mapToInt(end -> reference.shortest.get(end).size()).min()
                .ifPresent(length -> assertThat(verdict.witness().choices()).as("%s", seed).hasSize(length));
    }
}
