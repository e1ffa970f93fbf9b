package dev.shootdown.explore;

import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Cell;
import dev.shootdown.sim.Effect;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Hash;
import dev.shootdown.sim.Repertoire;
import dev.shootdown.sim.Role;
import dev.shootdown.sim.Store;
import dev.shootdown.sim.World;

/**
 * The search that leaves out interleavings which differ only in the order of steps that commute: stateful dynamic
 * partial-order reduction with summaries. It reaches the same ends as {@link Search} and sees the same violations.
 *
 * <p>In each state it tries one actor, with all its choices, and of what lies behind it learns what each actor
 * touches there: a test for readiness is a read. Where the step just tried meets what another actor touches behind it,
 * that actor might have come first, and is tried from here too; where it cannot move here, those who may wake
 * it. What is known of a state is kept with it, so that it is there when the state is met again.
 *
 * <p>A state that is met again while the search is still behind it closes a cycle. Of everything on it and before
 * it nothing complete is known: there every actor is tried.
 *
 * <p>A condition that is asked after every step is part of the steps that write what it reads: these read all that it
 * reads, before and after.
 */
final class ReducedSearch implements Searching {
    /** Actors are bits of a long. */
    static final int MOST_ACTORS = Long.SIZE;

    private static final int BETWEEN_TICKS = 1023;

    private final Engine engine;
    private final World world;
    private final Actor[] actors;
    private final int[] order;
    private final Judge judge;
    private final Tally tally;
    private final Bounds bounds;
    private final Clock clock;
    private final Meetings meetings;
    private final Cell[] positions;
    private final PlaceSets sets = new PlaceSets();
    private final Summaries summaries;
    private final SummaryTable visited = new SummaryTable();
    private final Visited ends = new Visited(Long.MAX_VALUE);
    private final ReducedPath path;
    private final Leads leads = new Leads();
    private final Repertoire repertoire;
    private final Foresight foresight;
    private long transitions;
    private long cycles;
    private int deepest;
    private boolean gaveUp;
    private Reach stop;

    /**
     * @param order    the numbers of all actors, in the order in which they are tried
     * @param meetings where to note why actors had to be tried; or null
     */
    ReducedSearch(Judge judge, Tally tally, Bounds bounds, Clock clock, int[] order, Meetings meetings) {
        this.judge = judge;
        this.engine = judge.engine();
        this.world = engine.world();
        this.actors = engine.actors().toArray(new Actor[0]);
        this.tally = tally;
        this.bounds = bounds;
        this.clock = clock;
        this.order = order;
        this.meetings = meetings;
        this.positions = world.stores().stream().filter(store -> store.role() == Role.POSITION).map(Cell.class::cast).toArray(Cell[]::new);
        this.summaries = new Summaries(actors.length);
        this.path = new ReducedPath(actors.length);
        this.repertoire = new Repertoire(engine, sets);
        this.foresight = new Foresight(repertoire, sets, actors.length);
    }

    @Override
    public Reach run() {
        int start = world.mark();
        see(judge.atStep());
        long key = key();
        visited.open(key);
        path.push(world.mark(), key, sets.of(judge.looked()));
        for (int i = 0; i < actors.length; i++) {
            path.nodes()[i] = repertoire.node(actors[i]);
            guard(i);
        }
        arrive();
        while (path.depth() >= 0 && stop == null && !gaveUp() && !judge.widened()) {
            if (path.hasChoice()) {
                advance();
            } else {
                settle();
            }
        }
        world.rewind(start);
        return stop != null ? stop : Reach.COMPLETE;
    }

    // ---------------------------------------------------------------- states

    /** The fingerprint, and where the rings stand: footprints behind a state depend on that. */
    private long key() {
        long key = world.fingerprint();
        for (Cell position : positions) {
            key = Hash.mix(key + position.get());
        }
        return key == 0 ? 1 : key;
    }

    /** Notes whether an actor is ready, and what that depends on. */
    private void guard(int actor) {
        Repertoire.Readiness readiness = repertoire.readiness(path.nodes()[path.offset() + actor]);
        path.guard(actor, readiness.choices(), readiness.places());
    }

    /** The last state of the path is new: the first actor that is ready is to be tried, or it is an end. */
    private void arrive() {
        path.summarize();
        deepest = Math.max(deepest, path.depth());
        if (path.ready() == 0) {
            end();
            leave();
        } else {
            path.toTry(lead(path.ready()));
            path.next(nextActor());
        }
    }

    private long first(long ready) {
        for (int actor : order) {
            if ((ready >>> actor & 1) != 0) {
                return 1L << actor;
            }
        }
        return 0;
    }

    /** The one that is best tried first, as far as is known; where several are, the first in the order. */
    private long lead(long ready) {
        if ((ready & ready - 1) == 0) {
            return ready;
        }
        int best = -1;
        double least = Double.POSITIVE_INFINITY;
        for (int actor : order) {
            double rate = (ready >>> actor & 1) != 0 ? leads.rate(actors[actor].agenda().head(), ready) : least;
            best = rate < least ? actor : best;
            least = Math.min(rate, least);
        }
        return 1L << best;
    }

    /** The first in the order that is still to be tried; -1 if there is none. */
    private int nextActor() {
        long open = path.open();
        return open == 0 ? -1 : Long.numberOfTrailingZeros(first(open));
    }

    /** Goes back to the state before, which learns what was learnt behind the last one. */
    private void leave() {
        int summary = summaries.of(path.all(), path.offset());
        visited.close(path.key(), summary);
        path.pop();
        if (path.depth() >= 0) {
            world.rewind(path.mark());
            absorb(summary);
        }
    }

    private void absorb(int summary) {
        int[] later = path.later();
        int at = path.offset();
        for (int i = 0; i < actors.length; i++) {
            later[at + i] = sets.union(later[at + i], summaries.set(summary, i));
        }
    }

    private void end() {
        boolean known = !ends.add(world.fingerprint());
        judge.atEnd();
        long shown = judge.atStep();
        see(shown);
        long happened = judge.trueAtEnd(shown);
        if (!known) {
            tally.end(happened);
            EndExamples.note(judge, tally, happened, path::choicesBefore);
        }
    }

    private void see(long shown) {
        long fresh = tally.fresh(shown);
        if (fresh != 0) {
            tally.example(fresh, new Tally.Example(path.choicesBefore(), null));
        }
    }

    // ---------------------------------------------------------------- steps

    private void advance() {
        int actor = path.actor();
        Effect effect = repertoire.step(path.nodes()[path.offset() + actor], path.takeChoice());
        if ((++transitions & BETWEEN_TICKS) == 0) {
            stop = clock.tick("search", this::counts);
        }
        int step = sets.union(effect.places(), path.guardOf(actor));
        long fresh = tally.fresh(judge.atStep());
        if (fresh != 0) {
            tally.example(fresh, new Tally.Example(path.choices(), null));
        }
        int watched = judge.watches() ? sets.of(judge.looked()) : PlaceSets.NOTHING;
        if (sets.meet(step, path.watched())) {
            int looked = sets.union(path.watched(), watched);
            step = sets.union(step, looked);
            foresight.besides(path.nodes()[path.offset() + actor], looked);
        }
        path.stepped(sets.union(path.step(), step));
        go(key(), step, watched, effect.node());
    }

    /** To the state where the machine stands now. */
    private void go(long key, int step, int watched, int node) {
        int known = visited.get(key);
        if (known == SummaryTable.UNKNOWN) {
            visited.open(key);
            int actor = path.actor();
            path.push(world.mark(), key, watched);
            path.nodes()[path.offset() + actor] = node;
            for (int i = 0; i < actors.length; i++) {
                if (!path.inherits(i) || sets.meet(step, path.guardBefore(i))) {
                    guard(i);
                }
            }
            arrive();
            checkRoom();
            return;
        }
        if (known == SummaryTable.OPEN) {
            cycle();
            path.unknown();
        } else {
            absorb(SummaryTable.summary(known));
        }
        world.rewind(path.mark());
    }

    /** Only a search that follows every interleaving counts cycles and tells what else is true on them. */
    private void cycle() {
        cycles++;
        gaveUp = judge.watchesCycles();
    }

    // ---------------------------------------------------------------- whom to try

    /** All choices of an actor were tried: whoever might have come before it is to be tried too. */
    private void settle() {
        int step = path.step();
        boolean others = (path.ready() & ~path.wanted()) != 0;
        if (others) {
            add(couldCome(~path.wanted(), step), step);
        }
        if (path.isFirst()) {
            leads.learn(actors[path.actor()].agenda().head(), path.ready(), Long.bitCount(path.open()));
        }
        path.learn(sets);
        int next = nextActor();
        if (next >= 0) {
            path.next(next);
        } else {
            leave();
        }
    }

    /** Those who could have come before the step are to be tried, or, where they cannot move now, who may wake them. */
    private void add(long came, int step) {
        for (long rest = came; rest != 0; rest &= rest - 1) {
            int i = Long.numberOfTrailingZeros(rest);
            if (!path.tried(i)) {
                long more = path.isReady(i) ? 1L << i : wakers(i);
                if (meetings != null && more != 0) {
                    note(i, sets.place(step, path.later()[path.offset() + i]));
                }
                path.toTry(more);
            }
        }
    }

    /** Those who can move now, are not to be tried anyway, and may in the end make a waiting actor ready. */
    private long wakers(int waiting) {
        long seen = 1L << waiting;
        long wakers = 0;
        for (long open = seen; open != 0; ) {
            int one = Long.numberOfTrailingZeros(open);
            open &= open - 1;
            long more = couldCome(~seen & ~path.wanted(), path.guardOf(one));
            seen |= more;
            wakers |= more & path.ready();
            open |= more & ~path.ready();
        }
        return wakers;
    }

    /** Those of a set of actors who may, while those who are to be tried stand still, touch what a set of places meets. */
    private long couldCome(long actorsAsked, int set) {
        int[] later = path.later();
        int at = path.offset();
        long meeting = 0;
        long unknown = 0;
        for (int i = 0; i < actors.length; i++) {
            if ((actorsAsked >>> i & 1) != 0 && sets.meet(set, later[at + i])) {
                meeting |= 1L << i;
                unknown |= later[at + i] == PlaceSets.EVERYTHING ? 1L << i : 0;
            }
        }
        long asked = meeting & ~unknown;
        return unknown | (asked == 0 ? 0 : foresight.meeting(path.nodes(), at, path.wanted(), asked, set));
    }

    private void note(int other, long place) {
        int actor = path.actor();
        String cell = place < 0 ? "a cycle" : world.stores().get(Store.storeOf(place)).name();
        meetings.add(actors[actor].name(), actors[actor].agenda().head().name(), actors[other].name(), cell);
    }

    // ---------------------------------------------------------------- counts

    private void checkRoom() {
        if (visited.size() > bounds.states()) {
            stop = new Reach(Reach.Cause.STATES, bounds.states());
        } else if (bytes() > bounds.memory()) {
            stop = new Reach(Reach.Cause.MEMORY, bytes());
        }
    }

    private long bytes() {
        return visited.bytes() + summaries.bytes() + sets.bytes();
    }

    @Override
    public Counts counts() {
        long states = Math.min(visited.size(), bounds.states());
        return new Counts(states, states, transitions, tally.ends(), cycles, deepest, bytes(), clock.seconds());
    }

    @Override
    public long[] ends() {
        return ends.sorted();
    }

    @Override
    public boolean gaveUp() {
        return gaveUp || judge.readsSums();
    }
}
