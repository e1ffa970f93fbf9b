package dev.shootdown.explore;

import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Repertoire;
import dev.shootdown.sim.World;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;

/**
 * Some runs at random, the same ones each time. In each run some actors are up to 64 times as slow as others, which others each time:
 * a device that is as fast as a kernel's thread has long done all it had to when the thread comes to where the two race.
 */
final class RandomRuns {
    private static final long STEPS = 10_000;
    private static final int LONGEST = 10_000;
    private static final int SLOWEST = 7;

    private final Judge judge;
    private final Engine engine;
    private final World world;
    private final Tally tally;
    private final Clock clock;
    private final long wanted;
    private final LongConsumer found;
    private final Repertoire repertoire;
    private SplittableRandom random = new SplittableRandom(1);
    private final List<Choice> run = new ArrayList<>();
    /** By actor: how likely it is to go on, and in how many ways it can. */
    private final int[] speeds;
    private final int[] ways;
    private long most = STEPS;
    private long steps;

    /**
     * @param wanted the conditions that are looked for
     * @param found  is told of those that were found
     */
    RandomRuns(Judge judge, Tally tally, Clock clock, Knowledge known, long wanted, LongConsumer found) {
        this.judge = judge;
        this.engine = judge.engine();
        this.world = engine.world();
        this.tally = tally;
        this.clock = clock;
        this.wanted = wanted;
        this.found = found;
        this.speeds = new int[engine.actors().size()];
        this.ways = new int[speeds.length];
        this.repertoire = known.repertoire();
    }

    /** Other runs than without. */
    RandomRuns seed(long number) {
        random = new SplittableRandom(number);
        return this;
    }

    /** How many steps are enough. */
    RandomRuns steps(long number) {
        most = number;
        return this;
    }

    /** Runs until all was found, or enough was tried; leaves the machine where it stood. */
    void go() {
        int start = world.mark();
        while (tally.fresh(wanted) != 0 && steps < most && clock.tick("search", this::counts) == null) {
            run.clear();
            Arrays.setAll(speeds, i -> 1 << random.nextInt(SLOWEST));
            see();
            while (run.size() < LONGEST && move()) {
                see();
            }
            judge.atEnd();
            see();
            world.rewind(start);
        }
    }

    private void see() {
        long fresh = tally.fresh(judge.atStep() & wanted);
        if (fresh != 0) {
            tally.example(fresh, new Tally.Example(List.copyOf(run), null));
            found.accept(fresh);
        }
    }

    private boolean move() {
        int all = 0;
        for (Actor actor : engine.actors()) {
            int i = actor.number();
            ways[i] = repertoire.readiness(repertoire.node(actor)).choices();
            all += ways[i] > 0 ? speeds[i] : 0;
        }
        if (all > 0) {
            take(engine.actors().get(drawn(random.nextInt(all))));
        }
        return all > 0;
    }

    private int drawn(int lot) {
        int left = lot;
        int i = 0;
        while (ways[i] == 0 || left >= speeds[i]) {
            left -= ways[i] == 0 ? 0 : speeds[i];
            i++;
        }
        return i;
    }

    private void take(Actor actor) {
        int choice = random.nextInt(ways[actor.number()]);
        repertoire.step(repertoire.node(actor), choice);
        run.add(new Choice(actor.number(), choice));
        steps++;
    }

    Counts counts() {
        return new Counts(steps, 0, steps, 0, 0, run.size(), 0, clock.seconds());
    }
}
