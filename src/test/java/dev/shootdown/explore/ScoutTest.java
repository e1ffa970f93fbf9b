package dev.shootdown.explore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Role;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import dev.shootdown.trace.Trace;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What runs at random beside a search. */
class ScoutTest {
    private static final int DRAWS = 40;
    private static final int WAYS = 4;
    private static final int RARE = 8;

    /** The cells of one machine, found by their class. */
    private record Drawn(Cells cells) {}

    /** Draws numbers, each of which it keeps: more states than anybody goes through. */
    private record Draw(int number) implements Step {
        @Override
        public int choices(World world) {
            return WAYS;
        }

        @Override
        public void run(Turn turn) {
            turn.part(Drawn.class).cells().set(number, 1 + turn.choice());
            if (number + 1 < DRAWS) {
                turn.then(new Draw(number + 1));
            }
        }
    }

    /** That the first few are all the last way: a search that begins with the first way comes there last. */
    private static final List<Condition> RARELY = List.of(Condition.of("forbid rare", Quantifier.FORBID, world -> {
        Cells cells = world.part(Drawn.class).cells();
        boolean all = true;
        for (int i = 0; i < RARE; i++) {
            all &= cells.get(i) == WAYS;
        }
        return all;
    }));

    private static Engine begin() {
        World world = new World();
        Engine engine = new Engine(world, new Trace());
        world.install(new Drawn(world.cells("drawn", Role.STATE, 0)));
        engine.assign(engine.actor("one"), List.of(new Draw(0)));
        return engine;
    }

    /** Hears what is found, and ends the search then. */
    private static final class Ear implements Progress {
        final Set<String> told = ConcurrentHashMap.newKeySet();
        final CountDownLatch heard = new CountDownLatch(1);

        @Override
        public void at(String phase, Counts counts) {}

        @Override
        public void found(String written, String how, double seconds) {
            told.add(written + " " + how);
            heard.countDown();
        }

        @Override
        public boolean interrupted() {
            return heard.getCount() == 0;
        }
    }

    @Test
    void whatItSeesIsToldAndKeptWhereTheSearchHasToStop() {
        Ear ear = new Ear();
        Result result = new Explorer(ScoutTest::begin, RARELY).threads(2).bounds(Bounds.none().seconds(120)).progress(ear).explore();
        assertThat(ear.told).containsExactly("forbid rare in a run at random");
        assertThat(result.reach().stopped()).isEqualTo(Reach.Cause.INTERRUPTED);
        Verdict verdict = result.verdicts().getFirst();
        assertThat(verdict.holds()).isEqualTo(Verdict.Holds.NO);
        assertThat(verdict.witness().choices()).hasSizeGreaterThanOrEqualTo(RARE);
        Engine again = begin();
        verdict.witness().choices().forEach(again::step);
        assertThat(RARELY.getFirst().value().applyAsLong(again.world())).isEqualTo(1);
    }

    @Test
    void oneThreadSendsNobody() {
        Ear ear = new Ear();
        Result result = new Explorer(ScoutTest::begin, RARELY).bounds(Bounds.none().seconds(1)).progress(ear).explore();
        assertThat(ear.told).isEmpty();
        assertThat(result.verdicts().getFirst().holds()).isEqualTo(Verdict.Holds.UNKNOWN);
    }

    @Test
    void itComesBackWhenCalled() throws InterruptedException {
        Engine engine = begin();
        engine.world().journal(true);
        Judge judge = new Judge(engine, List.of(Condition.of("forbid never", Quantifier.FORBID, world -> false)));
        judge.begin();
        Scout scout = new Scout(judge, List.of(), 1, new Clock(Progress.NONE, 1), Progress.NONE);
        TimeUnit.MILLISECONDS.sleep(50);
        long before = System.nanoTime();
        scout.end();
        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - before)).isLessThan(20);
    }
}
