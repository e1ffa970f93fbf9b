package dev.shootdown.explore;

import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Repertoire;
import dev.shootdown.sim.World;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The search for shortest runs: breadth first, so that the first run that shows something has the fewest steps.
 * A state is kept as its fingerprint, its predecessor and the move from there; to stand in it, the one machine
 * goes back to where its run parts from the last state's, and forward again. States of one level follow each
 * other in the order of their runs, so that this is short.
 */
final class Shortest {
    private static final int BETWEEN_TICKS = 255;

    /** What is looked for. */
    interface Goal {
        /**
         * Which of the conditions still looked for this state shows.
         *
         * @param end whether nobody can move in it
         */
        long met(boolean end);
    }

    private final Engine engine;
    private final World world;
    private final Actor[] actors;
    private final Actor[] cast;
    private final Goal goal;
    private final Bounds bounds;
    private final Clock clock;
    private final Visited visited;
    private final Repertoire repertoire;
    private int[] parents = new int[1024];
    private int[] moves = new int[1024];
    private int count;
    /** The run to the state where the machine stands: its states, and the marks to come back to them. */
    private int[] standing = new int[64];
    private int[] marks = new int[64];
    private int depth;
    private long transitions;

    Shortest(Engine engine, Goal goal, Bounds bounds, Clock clock) {
        this(engine, goal, bounds, clock, new Repertoire(engine, new PlaceSets()), engine.actors());
    }

    /**
     * One of runs in which nobody moves but some.
     *
     * @param known what steps were seen to do
     * @param cast  who moves
     */
    Shortest(Engine engine, Goal goal, Bounds bounds, Clock clock, Repertoire known, List<Actor> cast) {
        this.engine = engine;
        this.world = engine.world();
        this.actors = engine.actors().toArray(new Actor[0]);
        this.cast = cast.toArray(new Actor[0]);
        this.goal = goal;
        this.bounds = bounds;
        this.clock = clock;
        this.visited = new Visited(bounds.memory());
        this.repertoire = known;
    }

    /** How many states it has seen. */
    long states() {
        return visited.size();
    }

    /** Who is told of each run found: what it shows, and its moves. Returns whether to search on. */
    interface Found {
        boolean on(long shown, List<Choice> choices);
    }

    /**
     * Searches from where the machine stands, and leaves it there.
     *
     * @param longest runs of more steps are of no use
     * @return whether it was ended by a bound
     */
    boolean run(int longest, Found found) {
        int start = world.mark();
        long shown = goal.met(false);
        marks[0] = world.mark();
        visited.add(world.fingerprint());
        add(0, 0);
        shown |= engine.quiet() ? goal.met(true) : 0;
        boolean more = shown == 0 || found.on(shown, List.of());
        world.rewind(marks[0]);
        boolean bounded = false;
        int next = 0;
        for (int level = 0; more && !bounded && level < longest && next < count; level++) {
            for (int end = count; more && !bounded && next < end; next++) {
                stand(next, level);
                more = expand(next, level, found);
                bounded = bounded(next);
            }
        }
        world.rewind(start);
        return more && bounded;
    }

    private boolean bounded(int next) {
        return visited.full()
                || count > bounds.states()
                || (next & BETWEEN_TICKS) == 0 && clock.tick("shorten", this::counts) != null;
    }

    /** Tries every move of the state where the machine stands; returns whether to search on. */
    private boolean expand(int state, int level, Found found) {
        for (Actor actor : cast) {
            int node = repertoire.node(actor);
            int choices = repertoire.readiness(node).choices();
            for (int choice = 0; choice < choices; choice++) {
                repertoire.step(node, choice);
                transitions++;
                boolean more = arrive(state, level, Moves.of(actor.number(), choice), found);
                world.rewind(marks[level]);
                if (!more) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean arrive(int state, int level, int move, Found found) {
        long shown = goal.met(false);
        if (visited.add(world.fingerprint())) {
            add(state, move);
            shown |= engine.quiet() ? goal.met(true) : 0;
        }
        return shown == 0 || found.on(shown, choices(state, level, move));
    }

    private void add(int parent, int move) {
        if (count == parents.length) {
            int length = count + (count >> 1);
            parents = Arrays.copyOf(parents, length);
            moves = Arrays.copyOf(moves, length);
        }
        parents[count] = parent;
        moves[count++] = move;
    }

    // ---------------------------------------------------------------- going there

    /** Puts the machine into a state of a level. */
    private void stand(int state, int level) {
        if (level >= standing.length) {
            standing = Arrays.copyOf(standing, 2 * level);
            marks = Arrays.copyOf(marks, 2 * level);
        }
        int common = level;
        for (int at = state; common > 0 && (common > depth || standing[common] != at); common--) {
            standing[common] = at;
            at = parents[at];
        }
        world.rewind(marks[common]);
        for (int i = common + 1; i <= level; i++) {
            int move = moves[standing[i]];
            repertoire.step(repertoire.node(actors[Moves.actor(move)]), Moves.alternative(move));
            goal.met(false);
            marks[i] = world.mark();
        }
        depth = level;
    }

    private List<Choice> choices(int state, int level, int move) {
        List<Choice> choices = new ArrayList<>();
        choices.add(Moves.choice(move));
        int at = state;
        for (int i = level; i > 0; i--) {
            choices.add(Moves.choice(moves[at]));
            at = parents[at];
        }
        return choices.reversed();
    }

    private Counts counts() {
        long bytes = visited.bytes() + (long) parents.length * 2 * Integer.BYTES;
        return new Counts(visited.size(), visited.size(), transitions, 0, 0, depth, bytes, clock.seconds());
    }
}
