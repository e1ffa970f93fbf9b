package dev.shootdown.explore;

import dev.shootdown.sim.Engine;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import java.util.ArrayList;
import java.util.List;

/**
 * Explores every interleaving of a race, with every choice, and says of each condition how often it happened and
 * whether it holds; with a shortest run where there is something to show.
 *
 * <p>States are known by 64-bit fingerprints; {@link Counts#collisions} says how many of them may be expected to
 * have been mistaken for another.
 *
 * <p>A run that comes back to a state where it has been has done nothing on the way that is not to be done again,
 * since what an actor has still to do is part of the state: that is the cycle without progress that
 * {@code livelock} speaks of. It need not be fair: an actor that could end it may never get its turn.
 */
public final class Explorer {
    private static final int MOST_CONDITIONS = Long.SIZE;

    private final Start start;
    private final List<Condition> conditions;
    private Bounds bounds = Bounds.none();
    private Progress progress = Progress.NONE;
    private Long seed;
    private boolean shortening = true;
    private boolean plain;
    private boolean factoring = true;
    private Meetings meetings;
    private int threads = 1;
    private long patience = 5_000;
    /** While it searches, where a core is left. */
    private Scout scout;

    /** @throws Refusal {@code too-many-conditions} where there are more than 64 */
    public Explorer(Start start, List<Condition> conditions) {
        this.start = start;
        this.conditions = List.copyOf(conditions);
        if (conditions.size() > MOST_CONDITIONS) {
            throw new Refusal(Diagnostic.error("too-many-conditions", Span.whole(""),
                    "a scenario can have " + MOST_CONDITIONS + " conditions, not " + conditions.size()));
        }
    }

    public Explorer bounds(Bounds limits) {
        bounds = limits;
        return this;
    }

    public Explorer progress(Progress watcher) {
        progress = watcher.oneAtATime();
        return this;
    }

    /** The order in which the search tries what can be done, by a seed; it changes no count of a search without bounds. */
    public Explorer seed(long number) {
        seed = number;
        return this;
    }

    /** Whether to look for a shortest witness; the first one found stands otherwise. */
    public Explorer shortening(boolean wanted) {
        shortening = wanted;
        return this;
    }

    /**
     * Whether to follow every interleaving; those that differ only in the order of steps that commute are one
     * otherwise, where that is sound: ends and verdicts are the same, states and transitions fewer. A bound on
     * preemptions or on depth, and a cycle where {@code livelock} is asked for, make a search plain by themselves.
     */
    public Explorer plain(boolean wanted) {
        plain = wanted;
        return this;
    }

    /**
     * Whether a long search may take the steps of actors that hardly meet from many states at once. It counts the states and
     * transitions of a plain search, to the last one.
     */
    public Explorer factoring(boolean wanted) {
        factoring = wanted;
        return this;
    }

    /**
     * How many threads a search may use. A plain one sees the same states and ends. The reduced search goes back to what it has
     * learnt behind a state, in one order: it uses one, and beside it, where there is no bound of states, another looks at random.
     */
    public Explorer threads(int number) {
        threads = number;
        return this;
    }

    /** After how many states a search is a long one, for which it is worth while to look first where few are interrupted, and to take factors. */
    public Explorer patience(long states) {
        patience = states;
        return this;
    }

    /** Where to note why a reduced search had to try more than one actor in a state. */
    public Explorer meetings(Meetings into) {
        meetings = into;
        return this;
    }

    /** Searches. The same request gives the same answer, times aside, where no bound of time or memory ends it. */
    public Result explore() {
        try {
            return search();
        } finally {
            recall();
        }
    }

    private Tally recall() {
        Tally seen = scout == null ? new Tally(conditions) : scout.end();
        scout = null;
        return seen;
    }

    private Result search() {
        Engine engine = start.begin();
        engine.world().journal(true);
        Judge judge = new Judge(engine, conditions);
        judge.begin();
        Clock clock = new Clock(progress, bounds.seconds());
        boolean reduced = !plain && reducible(engine);
        boolean factored = reduced && factoring && meetings == null && bounds.states() == Long.MAX_VALUE && FactoredSearch.suits(judge);
        Hunt hunt = null;
        boolean alone = false;
        while (true) {
            boolean first = hunt == null && bounds.states() > patience && !bounds.boundsPreemptions();
            Bounds limits = first ? bounds.states(patience) : bounds;
            Tally tally = new Tally(conditions);
            int[] order = ActorOrder.of(engine, seed);
            boolean several = threads > 1 && !reduced && !bounds.boundsPreemptions() && !judge.watchesCycles() && !alone;
            boolean divided = factored && !first;
            Searching search = divided ? new FactoredSearch(judge, tally, limits, clock, null)
                    : several ? new Together(threads, judge, i -> another(), conditions, tally, limits, clock, order)
                    : reduced ? new ReducedSearch(judge, tally, limits, clock, order, meetings)
                    : new Search(judge, tally, limits, clock, order);
            Reach reach = search.run();
            alone |= several && search.gaveUp();
            factored &= !(divided && search.gaveUp());
            reduced &= divided || !search.gaveUp();
            boolean answered = !judge.widened() && !search.gaveUp();
            if (answered && first && reach.stopped() == Reach.Cause.STATES) {
                hunt = new Hunt(judge, conditions);
                hunt.run(bounds, clock, order, progress);
                scout = scout(hunt, clock, reduced);
            } else if (answered) {
                complete(tally, hunt, reach);
                Counts counts = search.counts();
                Witnesses witnesses = new Witnesses(start, judge, tally, conditions, divided);
                Witness[] shown = witnesses.find(shortening && !progress.interrupted(), bounds, clock.rest(bounds.seconds() / 10));
                return new Result(verdicts(tally, reach, shown), counts, reach);
            }
            judge.begin();
        }
    }

    /** One that looks where the search does not yet; null where no core is left for it, or where it would change what comes of a search. */
    private Scout scout(Hunt hunt, Clock clock, boolean reduced) {
        boolean wanted = threads > 1 && reduced && hunt.left() != 0 && bounds.states() == Long.MAX_VALUE && bounds.depth() == Integer.MAX_VALUE;
        return wanted ? new Scout(another(), conditions, hunt.left(), clock, progress) : null;
    }

    /** What was found beside a search that had to stop. */
    private void complete(Tally tally, Hunt hunt, Reach reach) {
        Tally seen = recall();
        if (hunt != null) {
            if (!reach.complete()) {
                hunt.learn(seen);
            }
            hunt.complete(tally);
        }
    }

    private Judge another() {
        Engine engine = start.begin();
        engine.world().journal(true);
        Judge judge = new Judge(engine, conditions);
        judge.begin();
        return judge;
    }

    private boolean reducible(Engine engine) {
        return engine.actors().size() <= ReducedSearch.MOST_ACTORS && !bounds.boundsPreemptions() && bounds.depth() == Integer.MAX_VALUE;
    }

    // ---------------------------------------------------------------- verdicts

    private List<Verdict> verdicts(Tally tally, Reach reach, Witness[] shown) {
        List<Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < conditions.size(); i++) {
            Condition condition = conditions.get(i);
            verdicts.add(condition.quantifier().measures() ? answer(condition, tally, i, reach, shown[i])
                    : verdict(condition, tally, i, reach, shown[i]));
        }
        return verdicts;
    }

    private static Verdict answer(Condition question, Tally tally, int i, Reach reach, Witness witness) {
        boolean answered = tally.example(i) != null;
        Verdict.Holds holds = reach.complete() ? Verdict.Holds.YES : Verdict.Holds.UNKNOWN;
        return new Verdict(question, answered ? Verdict.Often.ALWAYS : Verdict.Often.NEVER, tally.ends(), tally.ends(), holds,
                answered ? tally.value(i) : null, witness);
    }

    private static Verdict verdict(Condition condition, Tally tally, int i, Reach reach, Witness witness) {
        boolean shown = tally.example(i) != null;
        long happened = tally.happened(i);
        long ends = tally.ends();
        boolean endlessly = shown && condition.quantifier() != Quantifier.EXPECT
                && (condition.quantifier() == Quantifier.ALWAYS ? happened == ends : happened == 0);
        if (endlessly) {
            ends++;
            happened += condition.quantifier() == Quantifier.ALWAYS ? 0 : 1;
        }
        boolean all = happened == ends && (reach.complete() || tally.ends() > 0);
        Verdict.Often often = happened == 0 ? Verdict.Often.NEVER : all ? Verdict.Often.ALWAYS : Verdict.Often.SOMETIMES;
        return new Verdict(condition, often, happened, ends, holds(condition, shown, reach), null, witness);
    }

    private static Verdict.Holds holds(Condition condition, boolean shown, Reach reach) {
        if (shown) {
            return condition.quantifier() == Quantifier.EXISTS ? Verdict.Holds.YES : Verdict.Holds.NO;
        }
        if (!reach.complete()) {
            return Verdict.Holds.UNKNOWN;
        }
        return condition.quantifier() == Quantifier.EXISTS ? Verdict.Holds.NO : Verdict.Holds.YES;
    }
}
