package dev.shootdown.explore;

import dev.shootdown.sim.Step;
import java.util.HashMap;
import java.util.Map;

/**
 * Which kinds of steps are best tried first in a state: those after which others seldom had to be tried too. Learnt
 * on the way. Any choice is sound, and equal searches learn the same.
 */
final class Leads {
    private static final class Score {
        private long tried;
        private long added;

        double rate() {
            return (added + 1.0) / (tried + 2.0);
        }
    }

    private final Map<Class<?>, Score> scores = new HashMap<>();

    private Score score(Step step) {
        return scores.computeIfAbsent(step.getClass(), type -> new Score());
    }

    /** How many others have to be tried too where this step is tried first, about. */
    double rate(Step step) {
        return score(step).rate();
    }

    void learn(Step first, int others) {
        Score score = score(first);
        score.tried++;
        score.added += others;
    }
}
