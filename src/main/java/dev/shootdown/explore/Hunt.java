package dev.shootdown.explore;

import java.util.List;

/**
 * Looks for what conditions forbid where few actors are interrupted, before a long search looks everywhere: most races
 * need one preemption or none, and those runs are few. It proves nothing.
 */
final class Hunt {
    /** States at each number of preemptions. */
    private static final long STATES = 10_000;
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

    /** Tries no preemption, then one, then two; tells what it finds. */
    void run(Bounds bounds, Clock clock, int[] order, Progress progress) {
        for (int preemptions = 0; preemptions <= PREEMPTIONS && tally.fresh(wanted) != 0; preemptions++) {
            long before = tally.fresh(wanted);
            Search search = new Search(judge, tally, bounds.states(STATES).preemptions(preemptions), clock, order);
            search.until(wanted);
            Reach reach = search.run();
            if (judge.widened() || reach.stopped() == Reach.Cause.INTERRUPTED || reach.stopped() == Reach.Cause.TIME) {
                return;
            }
            for (long rest = before & ~tally.fresh(wanted); rest != 0; rest &= rest - 1) {
                progress.found(conditions.get(Long.numberOfTrailingZeros(rest)).written(), preemptions, search.counts());
            }
        }
    }

    /** Hands on what was found where a search that had to stop has nothing. */
    void complete(Tally other) {
        for (long rest = other.fresh(wanted & ~tally.fresh(wanted)); rest != 0; rest &= rest - 1) {
            other.example(Long.lowestOneBit(rest), tally.example(Long.numberOfTrailingZeros(rest)));
        }
    }
}
