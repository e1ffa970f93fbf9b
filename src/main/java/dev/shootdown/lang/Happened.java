package dev.shootdown.lang;

import dev.shootdown.explore.Condition;
import dev.shootdown.explore.Quantifier;
import dev.shootdown.sim.World;
import java.util.List;

/**
 * What a scenario claims, and what has happened of it along one run: of each condition whether it was true at any step, of
 * {@code always} whether at each, of {@code expect} and {@code exists} whether it is now.
 */
final class Happened {
    private List<Condition> conditions = List.of();
    private boolean[] values = {};

    /** The run begins here. */
    void claim(List<Condition> claims, World world) {
        conditions = claims;
        values = new boolean[claims.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = claims.get(i).quantifier() == Quantifier.ALWAYS;
        }
        note(world);
    }

    List<Condition> conditions() {
        return conditions;
    }

    /** Nobody writes to what is given: it may be kept, to come back to. */
    boolean[] values() {
        return values;
    }

    /** The run is where it was when these were given. */
    void values(boolean[] then) {
        values = then;
    }

    /** A step was taken. */
    void note(World world) {
        boolean[] next = values;
        for (int i = 0; i < values.length; i++) {
            boolean now = now(conditions.get(i), values[i], world);
            if (now != values[i]) {
                next = next == values ? values.clone() : next;
                next[i] = now;
            }
        }
        values = next;
    }

    private static boolean now(Condition condition, boolean before, World world) {
        return switch (condition.quantifier()) {
            case FORBID -> before || condition.value().applyAsLong(world) != 0;
            case ALWAYS -> before && condition.value().applyAsLong(world) != 0;
            case EXPECT, EXISTS -> condition.value().applyAsLong(world) != 0;
            case MAXIMUM, MINIMUM -> before;
        };
    }
}
