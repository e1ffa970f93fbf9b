package dev.shootdown.explore;

import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Footprint;
import java.util.List;

/** The search for shortest runs where actors hardly meet each other: all states that are one step away, then two, as {@link Product} knows them. */
final class ShortestOfMany implements Product.Visitor {
    private static final int BETWEEN_TICKS = 7;

    private final Judge judge;
    private final Shortest.Goal goal;
    private final Bounds bounds;
    private final Clock clock;
    private final Product product;
    private int longest;
    private Shortest.Found to;
    private boolean more = true;
    private boolean bounded;
    private int rounds;

    /** @param apart the actors that have factors; null for those that hardly meet */
    ShortestOfMany(Judge judge, Shortest.Goal goal, Bounds bounds, Clock clock, List<Actor> apart) {
        this.judge = judge;
        this.goal = goal;
        this.bounds = bounds;
        this.clock = clock;
        this.product = new Product(judge.engine(), apart, judge.reads(), judge.remembers()).byLevels();
    }

    /**
     * As {@link Shortest#run}.
     *
     * @return whether it was ended by a bound
     */
    boolean run(int most, Shortest.Found found) {
        longest = most;
        to = found;
        product.run(this);
        return more && (product.gaveUp() || bounded);
    }

    @Override
    public void begin() {
        // what was found before holds: nobody had touched what was another's
    }

    @Override
    public Footprint at(int common, int set) {
        long shown = goal.met(false);
        if (shown != 0 && more) {
            more = to.on(shown, product.tell(common, product.any(set)));
            product.stand(common);
            goal.met(false);
        }
        return judge.reads();
    }

    @Override
    public void end(int common, int[] tuple) {
        product.stand(common, tuple);
        long shown = more ? goal.met(true) : 0;
        if (shown != 0) {
            more = to.on(shown, product.tell(common, tuple));
        }
    }

    @Override
    public Reach stop() {
        if (!more || product.level() > longest) {
            return new Reach(Reach.Cause.INTERRUPTED, product.found());
        }
        if (product.found() > bounds.states()) {
            return cut(new Reach(Reach.Cause.STATES, bounds.states()));
        }
        if ((++rounds & BETWEEN_TICKS) != 0) {
            return null;
        }
        return cut(product.bytes() > bounds.memory() ? new Reach(Reach.Cause.MEMORY, product.bytes()) : clock.tick("shorten", this::counts));
    }

    private Reach cut(Reach reach) {
        bounded |= reach != null;
        return reach;
    }

    private Counts counts() {
        return new Counts(product.found(), product.kept(), product.transitions(), 0, 0, product.level(), product.bytes(), clock.seconds(), product.share());
    }
}
