package dev.shootdown.explore;

import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Footprint;
import dev.shootdown.sim.World;
import java.util.List;

/** The exhaustive search for races in which some actors hardly meet each other: that of {@link Product}. */
final class FactoredSearch implements Searching {
    private static final int BETWEEN_TICKS = 7;

    private final World world;
    private final Judge judge;
    private final Tally tally;
    private final Bounds bounds;
    private final Clock clock;
    private final Product product;
    private final Visited ends = new Visited(Long.MAX_VALUE);
    private final boolean able;
    private boolean ran;

    /** @param apart the actors that have factors; null for those that hardly meet */
    FactoredSearch(Judge judge, Tally tally, Bounds bounds, Clock clock, List<Actor> apart) {
        this.judge = judge;
        this.world = judge.engine().world();
        this.tally = tally;
        this.bounds = bounds;
        this.clock = clock;
        this.able = suits(judge);
        this.product = new Product(judge.engine(), apart, judge.reads(), judge.remembers());
    }

    /** Nobody may ask for cycles: it does not go from state to state. */
    static boolean suits(Judge judge) {
        return !judge.watchesCycles();
    }

    @Override
    public Reach run() {
        Reach stop = able ? product.run(new Told()) : null;
        ran = stop == null;
        return stop == null ? Reach.COMPLETE : stop;
    }

    private final class Told implements Product.Visitor {
        private int rounds;

        @Override
        public void begin() {
            tally.clear();
            ends.clear();
        }

        @Override
        public Footprint at(int common, int set) {
            long fresh = tally.fresh(judge.atStep());
            if (fresh != 0) {
                tally.example(fresh, new Tally.Example(product.tell(common, product.any(set)), null));
                product.stand(common);
                judge.atStep();
            }
            return judge.reads();
        }

        @Override
        public void end(int common, int[] tuple) {
            product.stand(common, tuple);
            if (!ends.add(world.fingerprint())) {
                return;
            }
            judge.atEnd();
            long shown = judge.atStep();
            long fresh = tally.fresh(shown);
            if (fresh != 0) {
                tally.example(fresh, new Tally.Example(product.tell(common, tuple), null));
                stand(common, tuple);
            }
            long happened = judge.trueAtEnd(shown);
            tally.end(happened);
            EndExamples.note(judge, tally, happened, () -> {
                List<Choice> run = product.tell(common, tuple);
                stand(common, tuple);
                return run;
            });
        }

        private void stand(int common, int[] tuple) {
            product.stand(common, tuple);
            judge.atEnd();
        }

        @Override
        public Reach stop() {
            if (judge.widened()) {
                return new Reach(Reach.Cause.INTERRUPTED, product.found());
            }
            if ((++rounds & BETWEEN_TICKS) != 0) {
                return null;
            }
            return product.bytes() > bounds.memory() ? new Reach(Reach.Cause.MEMORY, product.bytes()) : clock.tick("search", FactoredSearch.this::counts);
        }
    }

    @Override
    public Counts counts() {
        return new Counts(product.found(), product.kept(), product.transitions(), tally.ends(), 0, product.deepest(), product.bytes(),
                clock.seconds(), product.share());
    }

    @Override
    public long[] ends() {
        return ends.sorted();
    }

    /** Also where no run comes to an end: what goes on for ever is for a search that goes from state to state and sees cycles. */
    @Override
    public boolean gaveUp() {
        return !able || product.gaveUp() || ran && tally.ends() == 0;
    }
}
