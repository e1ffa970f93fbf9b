package dev.shootdown.explore;

import java.util.List;

/**
 * Looks for what conditions forbid before a long search looks everywhere: in some runs at random, since what half of all
 * interleavings show is soon seen, and then where few actors are interrupted, since most races need one preemption or none, and those
 * runs are few. It proves nothing.
 */
final class Hunt {
    /** States at each number of preemptions. */
    private static final long STATES = 5_000;
    private static final int PREEMPTIONS = 2;

    private final Judge judge;
    private final List<Condition> conditions;
    private final Tally tally;
    private final long wanted;

    Hunt(Judge judge, List<Condition> conditions) {
        this.judge = judge;
        this.conditions = conditions;
        this.tally = new Tally(conditions);
        long asked = 0;
        for (int i = 0; i < conditions.size(); i++) {
            asked |= conditions.get(i).quantifier().everyStep() ? 1L << i : 0;
        }
        this.wanted = asked;
    }

    /** Tries some runs, then no preemption, then one, then two; tells what it finds. */
    void run(Bounds bounds, Clock clock, int[] order, Progress progress) {
        Knowledge known = Knowledge.none(judge.engine());
        new RandomRuns(judge, tally, clock, known, wanted, found -> tell(found, "in a run at random", clock, progress)).go();
        for (int preemptions = 0; preemptions <= PREEMPTIONS && tally.fresh(wanted) != 0; preemptions++) {
            long before = tally.fresh(wanted);
            Search search = new Search(judge, tally, bounds.states(STATES).preemptions(preemptions), clock, order, known);
            search.until(wanted);
            Reach reach = search.run();
            if (judge.widened() || reach.stopped() == Reach.Cause.INTERRUPTED || reach.stopped() == Reach.Cause.TIME) {
                return;
            }
            tell(before & ~tally.fresh(wanted), preemptions == 0 ? "with no preemption" : preemptions == 1 ? "with one preemption"
                    : "with " + preemptions + " preemptions", clock, progress);
        }
    }

    private void tell(long found, String how, Clock clock, Progress progress) {
        for (long rest = found; rest != 0; rest &= rest - 1) {
            progress.found(conditions.get(Long.numberOfTrailingZeros(rest)).written(), how, clock.seconds());
        }
    }

    /** What it looked for and has not found. */
    long left() {
        return tally.fresh(wanted);
    }

    /** Takes over what somebody else has found. */
    void learn(Tally others) {
        hand(others, tally);
    }

    /** Hands on what was found where a search that had to stop has nothing. */
    void complete(Tally other) {
        hand(tally, other);
    }

    private void hand(Tally from, Tally to) {
        for (long rest = to.fresh(wanted & ~from.fresh(wanted)); rest != 0; rest &= rest - 1) {
            to.example(Long.lowestOneBit(rest), from.example(Long.numberOfTrailingZeros(rest)));
        }
    }
}
