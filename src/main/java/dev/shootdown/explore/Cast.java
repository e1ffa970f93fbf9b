package dev.shootdown.explore;

import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Repertoire;
import java.util.ArrayList;
import java.util.List;

/**
 * Who is needed to show something. Most races need few of those who take part in them, and what these few can do by
 * themselves is gone through breadth first in a moment, where all states of all actors are too many. A run of theirs is one
 * of the whole race; that there is none shorter, in which others move too, is likely and not proved.
 */
final class Cast {
    /** How many states one cast is given, and how many all of them. */
    private static final int EACH = 100_000;
    private static final int ALL = 600_000;
    /** A run of more actors has too many subsets. */
    private static final int MOST_ACTORS = 10;

    private final Judge judge;
    private final long which;
    private final Bounds bounds;
    private final Clock clock;
    private final Repertoire repertoire;
    private List<Choice> best;
    private long seen;

    /** @param which the condition that is to show, by its bit; it is asked at every step */
    Cast(Judge judge, long which, Bounds bounds, Clock clock) {
        this.judge = judge;
        this.which = which;
        this.bounds = bounds;
        this.clock = clock;
        this.repertoire = new Repertoire(judge.engine(), new PlaceSets());
    }

    /** A run that shows the same, of as few as possible of those who move in this one; itself if none shorter is found. */
    List<Choice> shorter(List<Choice> run) {
        best = run;
        List<Actor> all = run.stream().map(Choice::actor).distinct().sorted().map(judge.engine().actors()::get).toList();
        if (all.size() <= MOST_ACTORS) {
            for (int size = 1; size <= all.size() && best == run; size++) {
                each(all, 0, size, new ArrayList<>());
            }
        }
        return best;
    }

    /** Tries all casts of so many more actors. */
    private void each(List<Actor> all, int from, int more, List<Actor> cast) {
        if (more == 0) {
            attempt(cast);
            return;
        }
        for (int i = from; i <= all.size() - more && seen < ALL; i++) {
            cast.add(all.get(i));
            each(all, i + 1, more - 1, cast);
            cast.removeLast();
        }
    }

    private void attempt(List<Actor> cast) {
        Shortest search = new Shortest(judge.engine(), end -> judge.atStep() & which, bounds.states(EACH), clock, repertoire, cast);
        search.run(best.size() - 1, (shown, choices) -> {
            best = choices;
            return false;
        });
        seen += search.states();
    }
}
