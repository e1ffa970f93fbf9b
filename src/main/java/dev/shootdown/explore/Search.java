package dev.shootdown.explore;

import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Effect;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Hash;
import dev.shootdown.sim.Repertoire;
import dev.shootdown.sim.World;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The exhaustive search: depth first, one machine put forward and back. A state that was seen is not left again.
 *
 * <p>Under a bound on preemptions what counts as a state is the machine's together with who moved last and how
 * often somebody had been interrupted, since these decide what may still come.
 */
final class Search implements Searching {
    private static final int BETWEEN_TICKS = 1023;

    private final Engine engine;
    private final World world;
    private final Actor[] actors;
    private final Judge judge;
    private final Tally tally;
    private final Bounds bounds;
    private final Clock clock;
    private final int[] order;
    private final boolean boundsPreemptions;
    private final Visited visited;
    private final Visited ends;
    private final Path path = new Path();
    private final Repertoire repertoire;
    private final Prospects prospects;
    /** Whether what states are known by can be told before the machine stands there. */
    private final boolean foreseeing;
    private long[] keys = new long[64];
    private final int[] firsts;
    /** Of no meaning: that it is kept has the machine fetch what it was made of. */
    private long glanced;
    /** By depth, under a bound on preemptions: who moved last, and how many preemptions there were. */
    private int[] last = new int[64];
    private int[] preemptions = new int[64];
    private long transitions;
    private long cycles;
    private int deepest;
    private Reach cut;
    private Reach stop;
    private long until;
    /** Where several threads search: what they share, and the run that this one was given. */
    private Work work;
    private int[] given = {};

    /** @param order the numbers of all actors, in the order in which they are tried */
    Search(Judge judge, Tally tally, Bounds bounds, Clock clock, int[] order) {
        this(judge, tally, bounds, clock, order, Knowledge.none(judge.engine()));
    }

    /** One that knows already what others have learnt. */
    Search(Judge judge, Tally tally, Bounds bounds, Clock clock, int[] order, Knowledge known) {
        this(judge, tally, bounds, clock, order, known, new Visited(bounds.memory()), new Visited(Long.MAX_VALUE));
    }

    /** One of several that search together. */
    Search(Judge judge, Tally tally, Bounds bounds, Clock clock, int[] order, Knowledge known, Visited visited, Visited ends) {
        this.judge = judge;
        this.engine = judge.engine();
        this.world = engine.world();
        this.actors = engine.actors().toArray(new Actor[0]);
        this.tally = tally;
        this.bounds = bounds;
        this.clock = clock;
        this.order = order;
        this.boundsPreemptions = bounds.boundsPreemptions();
        this.visited = visited;
        this.ends = ends;
        this.repertoire = known.repertoire();
        this.prospects = new Prospects(world, actors, known.sets(), repertoire);
        this.firsts = new int[actors.length];
        this.foreseeing = !judge.watches() && !judge.watchesCycles();
    }

    @Override
    public Reach run() {
        int start = world.mark();
        see(judge.atStep());
        last[0] = -1;
        long key = key(world.fingerprint(), -1, 0);
        visited.add(key);
        begin(key);
        follow();
        world.rewind(start);
        return stop != null ? stop : cut != null ? cut : Reach.COMPLETE;
    }

    /**
     * Takes part in a search of several threads: follows runs that others give, and gives some to who has none.
     *
     * @throws InterruptedException where the thread is told to stop
     */
    Reach join(Work shared) throws InterruptedException {
        work = shared;
        int start = world.mark();
        judge.atStep();
        for (int[] run = shared.take(); run != null; run = shared.take()) {
            stand(run);
            follow();
            world.rewind(start);
            if (stop != null || judge.widened()) {
                shared.end();
            }
        }
        return stop != null ? stop : cut != null ? cut : Reach.COMPLETE;
    }

    /** Goes where a run leads; only its last move is new. */
    private void stand(int[] run) {
        given = run;
        for (int i = 0; i < run.length; i++) {
            repertoire.step(repertoire.node(actors[Moves.actor(run[i])]), Moves.alternative(run[i]));
            transitions += i == run.length - 1 ? 1 : 0;
            see(judge.atStep());
        }
        long key = key(world.fingerprint(), -1, 0);
        if (visited.add(key) || run.length == 0) {
            begin(key);
        }
    }

    /** Arrives at a state with nothing before it. */
    private void begin(long key) {
        prospects.begin();
        arrive(key, -1, 0);
    }

    private void follow() {
        while (path.depth() >= 0 && stop == null && !judge.widened() && !enough()) {
            if (path.hasMove()) {
                advance();
            } else {
                leave();
            }
            if (work != null && work.wanted()) {
                int[] run = path.handOver();
                if (run != null) {
                    work.give(joined(run));
                }
            }
        }
    }

    private int[] joined(int[] run) {
        int[] all = Arrays.copyOf(given, given.length + run.length);
        System.arraycopy(run, 0, all, given.length, run.length);
        return all;
    }

    /** The run that was given, and what came since. */
    private List<Choice> all(List<Choice> since) {
        List<Choice> all = new ArrayList<>();
        for (int move : given) {
            all.add(Moves.choice(move));
        }
        all.addAll(since);
        return all;
    }

    /** It may stop when all of these conditions have shown. */
    void until(long conditions) {
        until = conditions;
    }

    private boolean enough() {
        return until != 0 && tally.fresh(until) == 0;
    }

    private void leave() {
        path.pop();
        if (path.depth() >= 0) {
            world.rewind(path.mark());
        }
    }

    private void advance() {
        int move = path.takeMove();
        int actor = Moves.actor(move);
        int used = boundsPreemptions ? preemptionsWith(actor) : 0;
        count();
        if (path.takenKey() != 0 && !visited.add(path.takenKey())) {
            return;
        }
        Effect effect = prospects.effect(path.depth(), actor, Moves.alternative(move));
        effect.apply(world);
        see(judge.atStep());
        long key = key(world.fingerprint(), actor, used);
        if (path.takenKey() != 0 || visited.add(key)) {
            prospects.arrive(path.depth() + 1, actor, effect);
            arrive(key, actor, used);
            checkRoom();
        } else {
            if (path.has(key)) {
                cycle(key);
            }
            world.rewind(path.mark());
        }
    }

    private void count() {
        if ((++transitions & BETWEEN_TICKS) == 0) {
            stop = clock.tick("search", this::counts);
            stop = stop == null && work != null && work.over() ? new Reach(Reach.Cause.INTERRUPTED, visited.size()) : stop;
        }
    }

    private void see(long shown) {
        long fresh = tally.fresh(shown);
        if (fresh != 0) {
            tally.example(fresh, new Tally.Example(all(path.choices()), null));
        }
    }

    /** A new state: notes what may come next, or that it is an end. */
    private void arrive(long key, int actor, int used) {
        path.push(world.mark(), key);
        int depth = path.depth();
        if (boundsPreemptions) {
            note(depth, actor, used);
        }
        if (!addMoves(depth)) {
            path.pop();
            end();
            if (path.depth() >= 0) {
                world.rewind(path.mark());
            }
        } else if (depth > deepest) {
            deepest = depth;
        }
    }

    /** Returns whether anybody can move. */
    private boolean addMoves(int depth) {
        foresee(depth);
        boolean any = false;
        for (int i = order.length - 1; i >= 0; i--) {
            int choices = prospects.choices(depth, order[i]);
            if (choices > 0) {
                any = true;
                if (depth >= bounds.depth()) {
                    cut(Reach.Cause.DEPTH, bounds.depth());
                    return true;
                }
                if (boundsPreemptions && preemptionsWith(order[i]) > bounds.preemptions()) {
                    cut(Reach.Cause.PREEMPTIONS, bounds.preemptions());
                } else {
                    for (int choice = choices - 1; choice >= 0; choice--) {
                        addMove(order[i], choice);
                    }
                }
            }
        }
        return any;
    }

    /** What the states behind all moves are known by, those of each actor from its own first slot; 0 where nobody can tell. */
    private void foresee(int depth) {
        int slot = 0;
        long there = 0;
        for (int i = 0; i < actors.length; i++) {
            firsts[i] = slot;
            Effect[] effects = prospects.effects(depth, i);
            if (slot + effects.length > keys.length) {
                keys = Arrays.copyOf(keys, 2 * (slot + effects.length));
            }
            for (Effect effect : effects) {
                long key = foreseeing && effect.foreseen() ? key(effect.fingerprint(world), i, boundsPreemptions ? preemptionsWith(i) : 0) : 0;
                there ^= visited.glance(key);
                keys[slot++] = key;
            }
        }
        glanced = there;
    }

    /** Where it leads to a state that was seen already, nobody has to go there to know. */
    private void addMove(int actor, int choice) {
        long key = keys[firsts[actor] + choice];
        if (key != 0 && visited.has(key)) {
            cycles += path.has(key) ? 1 : 0;
            count();
        } else {
            path.move(Moves.of(actor, choice), key);
        }
    }

    private void cut(Reach.Cause cause, long at) {
        if (cut == null) {
            cut = new Reach(cause, at);
        }
    }

    private void end() {
        if (path.depth() + 1 > deepest) {
            deepest = path.depth() + 1;
        }
        boolean known = !ends.add(world.fingerprint());
        judge.atEnd();
        long shown = judge.atStep();
        see(shown);
        long happened = judge.trueAtEnd(shown);
        if (!known) {
            tally.end(happened);
            EndExamples.note(judge, tally, happened, () -> all(path.choices()));
        }
    }

    private void cycle(long key) {
        cycles++;
        judge.atCycle();
        long fresh = tally.fresh(judge.atStep());
        if (fresh != 0) {
            tally.example(fresh, new Tally.Example(path.choices(), path.from(key)));
        }
    }

    private void checkRoom() {
        if ((work == null || (transitions & BETWEEN_TICKS) == 0) && visited.size() > bounds.states()) {
            stop = new Reach(Reach.Cause.STATES, bounds.states());
        } else if (visited.full()) {
            stop = new Reach(Reach.Cause.MEMORY, visited.bytes());
        }
    }

    // ---------------------------------------------------------------- preemptions

    private long key(long fingerprint, int actor, int used) {
        long key = boundsPreemptions ? Hash.mix(fingerprint, (long) used << 32 | actor + 1) : fingerprint;
        return key == 0 ? 1 : key;
    }

    /** How many preemptions there are if this actor moves next. */
    private int preemptionsWith(int actor) {
        int before = last[path.depth()];
        boolean preempts = before >= 0 && before != actor && prospects.choices(path.depth(), before) > 0;
        return preemptions[path.depth()] + (preempts ? 1 : 0);
    }

    private void note(int depth, int actor, int used) {
        if (depth == last.length) {
            last = Arrays.copyOf(last, 2 * depth);
            preemptions = Arrays.copyOf(preemptions, 2 * depth);
        }
        last[depth] = actor;
        preemptions[depth] = used;
    }

    // ---------------------------------------------------------------- counts

    @Override
    public Counts counts() {
        long states = Math.min(visited.size(), bounds.states());
        return new Counts(states, states, transitions, tally.ends(), cycles, deepest, visited.bytes(), clock.seconds(), path.share());
    }

    @Override
    public long[] ends() {
        return ends.sorted();
    }

    @Override
    public boolean gaveUp() {
        return false;
    }
}
