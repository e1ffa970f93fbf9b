package dev.shootdown.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shootdown.explore.Toy.Load;
import dev.shootdown.explore.Toy.Lock;
import dev.shootdown.explore.Toy.Put;
import dev.shootdown.explore.Toy.PutAny;
import dev.shootdown.explore.Toy.Store;
import dev.shootdown.explore.Toy.Work;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Schedule;
import dev.shootdown.vocabulary.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A token is a run as text: it comes back whole or not at all. */
class ReplayTokenTest {
    private static final Start START = Toy.of(List.of(new Load(0), new Store(0, 1), new PutAny(3, 300)), List.of(new Load(0), new Store(0, 2)),
            List.of(new Work(40)));

    private static String code(Throwable refusal) {
        return ((Refusal) refusal).diagnostic().code();
    }

    @Test
    void anyChoicesComeBack() {
        SplittableRandom random = new SplittableRandom(5);
        for (int run = 0; run < 500; run++) {
            List<Choice> choices = new ArrayList<>();
            while (random.nextInt(30) > 0) {
                Choice choice = new Choice(random.nextInt(200), random.nextInt(4) == 0 ? random.nextInt(100_000) : 0);
                for (int i = random.nextInt(4); i >= 0; i--) {
                    choices.add(choice);
                }
            }
            ReplayToken token = new ReplayToken(choices, random.nextLong());
            assertThat(ReplayToken.parse(token.text())).isEqualTo(token);
            assertThat(token.text()).matches("[A-Za-z0-9._-]+");
        }
    }

    @Test
    void aRunLeadsToTheSamePositionAgain() {
        for (int seed = 0; seed < 50; seed++) {
            Engine engine = START.begin();
            List<Choice> choices = new ArrayList<>();
            Schedule schedule = new Schedule.Seeded(seed);
            for (int i = 0; i < seed; i++) {
                Choice choice = schedule.next(engine);
                if (choice != null) {
                    choices.add(choice);
                    engine.step(choice);
                }
            }
            Engine again = ReplayToken.parse(ReplayToken.of(choices, engine).text()).replay(START);
            assertThat(again.world().recounted()).isEqualTo(engine.world().recounted());
            assertThat(again.steps()).isEqualTo(engine.steps());
        }
    }

    @Test
    void aWitnessOfTheExplorerReplaysToWhereItIs() {
        Condition lost = Condition.of("exists lost", Quantifier.EXISTS, world -> Toy.word(world, 0) == 1 && Toy.word(world, 3) == 299);
        Witness witness = new Explorer(START, List.of(lost)).explore().verdicts().getFirst().witness();
        Engine engine = ReplayToken.parse(witness.token().text()).replay(START);
        assertThat(Toy.word(engine.world(), 0)).isEqualTo(1);
        assertThat(Toy.word(engine.world(), 3)).isEqualTo(299);
        assertThat(witness.choices()).hasSize(5 + 40);
        assertThat(witness.token().text().length()).as("repetition is short").isLessThan(50);
    }

    @Test
    void everyDamageIsNoticed() {
        for (int length = 1; length < 4; length++) {
            String text = new ReplayToken(List.of(new Choice(1, 0), new Choice(0, 7), new Choice(1, 0)).subList(0, length), 42).text();
            refused(text + "=");
            for (int i = 0; i < text.length(); i++) {
                for (char other : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.= ".toCharArray()) {
                    if (other != text.charAt(i)) {
                        refused(text.substring(0, i) + other + text.substring(i + 1));
                    }
                }
                refused(text.substring(0, i));
            }
        }
    }

    private static void refused(String wrong) {
        assertThatThrownBy(() -> ReplayToken.parse(wrong)).as(wrong).isInstanceOf(Refusal.class).satisfies(e -> assertThat(code(e)).isEqualTo("bad-token"));
    }

    @Test
    void garbageIsRefused() {
        SplittableRandom random = new SplittableRandom(6);
        for (String text : List.of("", "x", "sd1.", "sd1.!!!", "sd2.AAAA", "sd1.AAAAAAAAAAAAAAAA", "sd1." + "A".repeat(10_000), "sd1.\u00e9\n")) {
            assertThatThrownBy(() -> ReplayToken.parse(text)).isInstanceOf(Refusal.class);
        }
        for (int i = 0; i < 2000; i++) {
            StringBuilder text = new StringBuilder("sd1.");
            while (random.nextInt(40) > 0) {
                text.append("ABCDEFGHabcdefgh01234567-_".charAt(random.nextInt(26)));
            }
            assertThatThrownBy(() -> ReplayToken.parse(text.toString())).isInstanceOf(Refusal.class);
        }
    }

    @Test
    void aTokenOfAnotherScenarioDoesNotFit() {
        ReplayToken token = ReplayToken.of(List.of(), START.begin());
        assertThatThrownBy(() -> token.replay(Toy.of(List.of(new Put(0, 1))))).satisfies(e -> assertThat(code(e)).isEqualTo("token-does-not-fit"));
        Start locked = Toy.of(List.of(new Put(0, 1)), List.of(new Put(0, 0), new Lock(0)));
        for (List<Choice> wrong : List.of(List.of(new Choice(9, 0)), List.of(new Choice(0, 1)), List.of(new Choice(0, 0), new Choice(0, 0)))) {
            assertThatThrownBy(() -> new ReplayToken(wrong, 0).replay(locked)).satisfies(e -> assertThat(code(e)).isEqualTo("token-does-not-fit"));
        }
    }
}
