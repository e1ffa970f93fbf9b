package dev.shootdown.explore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.check.Check;
import dev.shootdown.check.Checkers;
import dev.shootdown.machine.Machine;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Schedule;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import dev.shootdown.trace.Listener;
import dev.shootdown.trace.Moment;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The race of munmap against a device on the whole machine: what is searched is what is stepped. */
class RaceTest {
    private static final List<Check> WATCHED = List.of(Check.USE_AFTER_FREE, Check.DEVICE_FAILED, Check.DEADLOCK, Check.LOST_FAULT, Check.LEAK);

    private static List<Condition> forbidden() {
        return WATCHED.stream().map(RaceTest::forbid).toList();
    }

    private static Condition forbid(Check check) {
        return Condition.lasting("forbid " + check.word(), Quantifier.FORBID, world -> world.part(Checkers.class).happened(check));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "start"})
    void aDriverThatFlushesTooEarlyOrNotAtAllIsFound(String driver) {
        Result result = new Explorer(new Race("3.19", driver, 1, 1, 1, WATCHED), forbidden()).explore();
        assertThat(result.reach().complete()).isTrue();
        assertThat(result.verdicts()).extracting(Verdict::holds).containsExactly(Verdict.Holds.NO, Verdict.Holds.YES, Verdict.Holds.YES,
                Verdict.Holds.YES, Verdict.Holds.YES);
        Verdict freed = result.verdicts().getFirst();
        assertThat(freed.often()).isEqualTo(Verdict.Often.SOMETIMES);
        assertThat(freed.witness().shortest()).isTrue();
    }

    @Test
    void aDriverThatFlushesBetweenClearingAndFreeingIsProvenRight() {
        Result result = new Explorer(new Race("3.19", "range", 1, 1, 2, WATCHED), forbidden()).plain(true).explore();
        assertThat(result.reach().complete()).isTrue();
        assertThat(result.verdicts()).extracting(Verdict::text).containsOnly("Never");
        assertThat(result.counts().states()).isGreaterThan(1000);
        assertThat(result.counts().cycles()).isZero();
    }

    /** Three devices, 18 billion states: what half of all ends show is found long before anybody has been through a millionth of them. */
    @Test
    void aCounterexampleIsThereBeforeTheSearchHasWellBegun() {
        Race race = new Race("3.19", "start", 3, 3, 3, WATCHED);
        List<String> found = new ArrayList<>();
        Progress progress = new Progress() {
            @Override
            public void at(String phase, Counts counts) {}

            @Override
            public void found(String written, String how, double seconds) {
                found.add(written + " " + how);
            }

            @Override
            public boolean interrupted() {
                return !found.isEmpty();
            }
        };
        Result result = new Explorer(race, forbidden()).progress(progress).explore();
        assertThat(found).containsExactly("forbid use_after_free in a run at random");
        Verdict freed = result.verdicts().getFirst();
        assertThat(freed.text()).startsWith("Sometimes");
        assertThat(result.reach().complete()).isFalse();
        Engine there = ReplayToken.parse(freed.witness().token().text()).replay(race);
        assertThat(there.world().part(Checkers.class).happened(Check.USE_AFTER_FREE)).isTrue();
    }

    @Test
    void aWitnessReplaysStepByStepOnAMachineThatSomebodyWatches() {
        Race race = new Race("3.19", "start", 1, 1, 1, WATCHED);
        Witness witness = new Explorer(race, forbidden()).explore().verdicts().getFirst().witness();
        Engine checked = ReplayToken.parse(witness.token().text()).replay(race);
        assertThat(checked.world().part(Checkers.class).happened(Check.USE_AFTER_FREE)).isTrue();

        Machine machine = race.machine();
        machine.world().part(Checkers.class).watch(EnumSet.allOf(Check.class), true);
        List<Moment> seen = new ArrayList<>();
        machine.trace().add(new Listener() {
            @Override
            public long kinds() {
                return Kind.VIOLATION.bit() | Kind.TABLE_FREE.bit() | Kind.PAGE_FREE.bit() | Kind.TABLE_READ.bit();
            }

            @Override
            public void on(Moment moment) {
                seen.add(moment);
            }
        });
        for (Choice choice : witness.choices()) {
            assertThat(seen).noneMatch(moment -> moment.event() instanceof Event.Violation);
            machine.engine().step(choice);
        }
        assertThat(ReplayToken.position(machine.engine())).isEqualTo(witness.token().position());
        Event.Violation violation = (Event.Violation) seen.getLast().event();
        assertThat(violation.check()).isEqualTo("use_after_free");
        assertThat(seen.get(seen.size() - 2).event()).as("the cause is told before what it means").isInstanceOf(Event.TableRead.class);
        assertThat(seen).anyMatch(moment -> moment.step() == violation.because() && moment.event() instanceof Event.TableFree freed
                && freed.frame() == violation.frame());
    }

    @Test
    void everyStepIsUndoneToTheLastCell() {
        Engine engine = new Race("3.19", "range", 2, 2, 1, List.of(Check.values())).begin();
        engine.world().journal(true);
        long before = engine.world().recounted();
        for (int seed = 0; seed < 40; seed++) {
            Schedule schedule = new Schedule.Seeded(seed);
            for (Choice next = schedule.next(engine); next != null; next = schedule.next(engine)) {
                engine.step(next);
                assertThat(engine.world().fingerprint()).isEqualTo(engine.world().recounted());
            }
            engine.world().rewind(0);
            assertThat(engine.world().fingerprint()).isEqualTo(before).isEqualTo(engine.world().recounted());
        }
    }
}
