package dev.shootdown.explore;

import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.World;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Makes witnesses of what a search has found: as short as can be, each with its token. */
final class Witnesses {
    /** The seconds that there are to find out who is needed, even where no time is left. */
    private static final double CASTING = 2;

    private final Start start;
    private final Judge judge;
    private final World world;
    private final Tally tally;
    private final boolean factored;
    private final List<Condition> conditions;
    private final List<List<Choice>> shortest = new ArrayList<>();

    /** @param factored whether the states are too many to go through one by one to the end */
    Witnesses(Start start, Judge judge, Tally tally, List<Condition> conditions, boolean factored) {
        this.factored = factored;
        this.start = start;
        this.judge = judge;
        this.world = judge.engine().world();
        this.tally = tally;
        this.conditions = conditions;
        conditions.forEach(condition -> shortest.add(null));
    }

    /** One for each condition, null where there is nothing to show. */
    Witness[] find(boolean shorten, Bounds bounds, Clock clock) {
        boolean[] proven = new boolean[conditions.size()];
        if (shorten) {
            plain(bounds, clock, proven);
            for (int i = 0; i < conditions.size(); i++) {
                if (tally.example(i) != null && tally.example(i).cycle() != null) {
                    shortest.set(i, lasso(tally.example(i).cycle(), 1L << i, bounds, clock));
                }
            }
        }
        Witness[] witnesses = new Witness[conditions.size()];
        for (int i = 0; i < witnesses.length; i++) {
            if (tally.example(i) != null) {
                List<Choice> choices = shortest.get(i) != null ? shortest.get(i) : tally.example(i).choices();
                witnesses[i] = new Witness(choices, proven[i], token(choices));
            }
        }
        return witnesses;
    }

    private ReplayToken token(List<Choice> choices) {
        Engine engine = start.begin();
        choices.forEach(engine::step);
        return ReplayToken.of(choices, engine);
    }

    /** All that shows on runs without a cycle, in one search. */
    private void plain(Bounds bounds, Clock clock, boolean[] proven) {
        long wanted = 0;
        int longest = 0;
        for (int i = 0; i < conditions.size(); i++) {
            if (tally.example(i) != null && tally.example(i).cycle() == null) {
                wanted |= 1L << i;
                longest = Math.max(longest, tally.example(i).choices().size());
            }
        }
        if (wanted == 0) {
            return;
        }
        long[] left = {wanted};
        Shortest.Found found = (shown, choices) -> {
            for (long rest = shown; rest != 0; rest &= rest - 1) {
                shortest.set(Long.numberOfTrailingZeros(rest), choices);
            }
            left[0] &= ~shown;
            return left[0] != 0;
        };
        Shortest.Goal goal = end -> left[0] & shown(end);
        boolean bounded = factored ? new ShortestOfMany(judge, goal, bounds, clock, null).run(longest, found)
                : new Shortest(judge.engine(), goal, bounds, clock).run(longest, found);
        for (int i = 0; i < proven.length; i++) {
            proven[i] = (wanted >>> i & 1) != 0 && (shortest.get(i) != null || !bounded);
            if ((wanted >>> i & 1) != 0 && shortest.get(i) == null && conditions.get(i).quantifier().everyStep()) {
                shortest.set(i, shorter(tally.example(i).choices(), 1L << i, bounds, clock));
            }
        }
    }

    /** Where nobody can say what is shortest: of what some of those who move can do by themselves, or what the end depends on. */
    private List<Choice> shorter(List<Choice> run, long which, Bounds bounds, Clock clock) {
        List<Choice> past = new CausalPast(judge.engine()).of(run, () -> (judge.atStep() & which) != 0);
        return new Cast(judge, which, bounds, clock.rest(CASTING)).shorter(past);
    }

    private long shown(boolean end) {
        if (!end) {
            return judge.atStep();
        }
        judge.atEnd();
        long shown = judge.atStep();
        shown |= judge.shownAtEnd(judge.trueAtEnd(shown));
        for (long rest = judge.questions(); rest != 0; rest &= rest - 1) {
            int i = Long.numberOfTrailingZeros(rest);
            shown |= judge.value(i) == tally.value(i) ? 1L << i : 0;
        }
        return shown;
    }

    // ---------------------------------------------------------------- cycles

    /** The shortest way to a state of the cycle, and from there the shortest way round. */
    private List<Choice> lasso(long[] cycle, long which, Bounds bounds, Clock clock) {
        long[] sorted = cycle.clone();
        Arrays.sort(sorted);
        List<Choice> stem = way(sorted, true, which, bounds, clock);
        if (stem == null) {
            return null;
        }
        int mark = world.mark();
        for (Choice choice : stem) {
            judge.engine().step(choice);
            judge.atStep();
        }
        List<Choice> round = way(new long[] {world.fingerprint()}, false, which, bounds, clock);
        world.rewind(mark);
        if (round == null) {
            return null;
        }
        List<Choice> all = new ArrayList<>(stem);
        all.addAll(round);
        return all;
    }

    /** @param atOnce whether no step at all will do */
    private List<Choice> way(long[] sorted, boolean atOnce, long which, Bounds bounds, Clock clock) {
        List<List<Choice>> found = new ArrayList<>();
        boolean[] moved = {atOnce};
        Shortest search = new Shortest(judge.engine(), end -> {
            judge.atStep();
            boolean there = moved[0] && Arrays.binarySearch(sorted, world.fingerprint()) >= 0;
            moved[0] = true;
            return there ? which : 0;
        }, bounds, clock);
        search.run(Integer.MAX_VALUE, (shown, choices) -> {
            found.add(choices);
            return false;
        });
        return found.isEmpty() ? null : found.getFirst();
    }
}
