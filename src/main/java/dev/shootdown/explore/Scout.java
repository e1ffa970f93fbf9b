package dev.shootdown.explore;

import java.util.List;

/**
 * A second machine of the same race, which runs at random as long as a search goes on, on a core that the search leaves free. What it
 * sees is told at once. A search that comes to its end needs nothing of it; where one has to stop before, what the scout saw is
 * known.
 */
final class Scout {
    /** So many steps are learnt from together; after that anew, so that what is known does not grow without end. */
    private static final long STEPS = 2_000_000;

    private final Judge judge;
    private final Tally tally;
    private final long wanted;
    private final Progress progress;
    private final List<Condition> conditions;
    /** Of the search. */
    private final Clock clock;
    private final Thread thread;
    private volatile boolean over;

    /**
     * Sets out at once.
     *
     * @param judge  of a machine that nobody else uses
     * @param wanted   the conditions that it looks for
     * @param clock    of the search
     * @param progress who is told, also by others at the same time
     */
    Scout(Judge judge, List<Condition> conditions, long wanted, Clock clock, Progress progress) {
        this.judge = judge;
        this.conditions = conditions;
        this.tally = new Tally(conditions);
        this.wanted = wanted;
        this.progress = progress;
        this.clock = clock;
        this.thread = Thread.ofPlatform().daemon().name("scout").start(this::go);
    }

    /** Nobody watches a scout; it only hears that it is to come back. */
    private final class Recall implements Progress {
        @Override
        public void at(String phase, Counts counts) {}

        @Override
        public boolean interrupted() {
            return over;
        }
    }

    /** What goes wrong in the model is the search's to tell, which goes every way; a scout that met it comes home. */
    private void go() {
        Clock own = new Clock(new Recall(), Double.POSITIVE_INFINITY);
        try {
            for (long seed = 2; !over && tally.fresh(wanted) != 0; seed++) {
                new RandomRuns(judge, tally, own, Knowledge.none(judge.engine()), wanted, this::tell).seed(seed).steps(STEPS).go();
            }
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            over = true;
        }
    }

    private void tell(long found) {
        for (long rest = found; rest != 0 && !over; rest &= rest - 1) {
            progress.found(conditions.get(Long.numberOfTrailingZeros(rest)).written(), "in a run at random", clock.seconds());
        }
    }

    /** Calls it back, and waits for it; then it is known what it has seen. */
    Tally end() {
        over = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return tally;
    }
}
