package dev.shootdown.lang;

import dev.shootdown.explore.Condition;
import dev.shootdown.explore.Counts;
import dev.shootdown.explore.Progress;
import dev.shootdown.explore.Quantifier;
import java.util.Locale;

/** Ends a search at its first violation; the search of a shorter way there goes on. */
final class FirstViolation implements Progress {
    private final Front front;
    private final String name;
    private boolean seen;
    private boolean told;

    FirstViolation(Front front, String name) {
        this.front = front;
        this.name = name;
    }

    /** The same condition, looked at. */
    Condition watch(Condition condition) {
        Quantifier quantifier = condition.quantifier();
        if (!quantifier.everyStep()) {
            return condition;
        }
        return new Condition(condition.written(), quantifier, world -> {
            long value = condition.value().applyAsLong(world);
            seen |= value == 0 == (quantifier == Quantifier.ALWAYS);
            return value;
        }, condition.lasting());
    }

    @Override
    public void at(String phase, Counts counts) {
        front.progress(String.format(Locale.ROOT, "%s: %s, %,d states", name, phase, counts.states()));
    }

    @Override
    public boolean interrupted() {
        boolean first = seen && !told;
        told |= seen;
        return first || front.interrupted();
    }
}
