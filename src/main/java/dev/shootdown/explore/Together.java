package dev.shootdown.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The exhaustive search by several threads, each with a machine of its own: they share the states seen. Every state is left by
 * one of them, so states, transitions and ends are those of one thread.
 */
final class Together implements Searching {
    private final List<Search> searches = new ArrayList<>();
    private final List<Judge> judges = new ArrayList<>();
    private final List<Tally> tallies = new ArrayList<>();
    private final Tally tally;
    private final Clock clock;
    private final Visited visited;
    private final Visited ends = new Visited(Long.MAX_VALUE).shared();
    private final Work work;

    /** @param more makes the judge of one more machine, as the first one */
    Together(int threads, Judge first, Function<Integer, Judge> more, List<Condition> conditions, Tally tally, Bounds bounds, Clock clock, int[] order) {
        this.tally = tally;
        this.clock = clock;
        this.visited = new Visited(bounds.memory()).shared();
        this.work = new Work(threads);
        for (int i = 0; i < threads; i++) {
            judges.add(i == 0 ? first : more.apply(i));
            tallies.add(i == 0 ? tally : new Tally(conditions));
            Clock own = i == 0 ? clock : new Clock(Progress.NONE, Double.POSITIVE_INFINITY);
            searches.add(new Search(judges.get(i), tallies.get(i), bounds, own, order, Knowledge.none(judges.get(i).engine()), visited, ends));
        }
    }

    @Override
    public Reach run() {
        work.give(new int[0]);
        Reach[] reaches = new Reach[searches.size()];
        List<Thread> threads = new ArrayList<>();
        for (int i = 1; i < searches.size(); i++) {
            int number = i;
            threads.add(Thread.ofPlatform().daemon().start(() -> reaches[number] = part(number)));
        }
        reaches[0] = part(0);
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        tallies.subList(1, tallies.size()).forEach(tally::add);
        return whole(reaches);
    }

    /** What one met ends all: the others, who are told to stop, say only that they were. */
    private static Reach whole(Reach[] reaches) {
        Reach whole = Reach.COMPLETE;
        for (Reach reach : reaches) {
            boolean tells = whole.complete() || whole.stopped() == Reach.Cause.INTERRUPTED;
            whole = tells && !reach.complete() ? reach : whole;
        }
        return whole;
    }

    private Reach part(int number) {
        try {
            return searches.get(number).join(work);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Reach(Reach.Cause.INTERRUPTED, visited.size());
        } finally {
            work.end();
        }
    }

    @Override
    public Counts counts() {
        List<Counts> all = searches.stream().map(Search::counts).toList();
        long transitions = all.stream().mapToLong(Counts::transitions).sum();
        int depth = all.stream().mapToInt(Counts::depth).max().orElse(0);
        return new Counts(visited.size(), visited.size(), transitions, tally.ends(), 0, depth, visited.bytes(), clock.seconds());
    }

    @Override
    public long[] ends() {
        return ends.sorted();
    }

    /** Where somebody reads what nobody knew to be read, one thread finds out what. */
    @Override
    public boolean gaveUp() {
        return judges.stream().anyMatch(Judge::widened);
    }
}
