package dev.shootdown.explore;

import dev.shootdown.sim.World;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * What a scenario says of its interleavings.
 *
 * @param written    as the reader wrote it, with its word
 * @param quantifier over which moments it speaks
 * @param value      what is asked of the machine; of a yes or no, 1 or 0. It must read cells only, change
 *                   nothing, and give the same answer to equal cells; it finds its parts in the World
 * @param lasting    whether it stays true once it is, as what the checkers report does. A lasting condition must
 *                   read nothing but what counts in the fingerprint
 */
public record Condition(String written, Quantifier quantifier, ToLongFunction<World> value, boolean lasting) {
    /** A yes or no. */
    public static Condition of(String written, Quantifier quantifier, Predicate<World> test) {
        return new Condition(written, quantifier, world -> test.test(world) ? 1 : 0, false);
    }

    /** A yes or no made of checkers' names alone, joined by and or or: it stays true once it is. */
    public static Condition lasting(String written, Quantifier quantifier, Predicate<World> test) {
        return new Condition(written, quantifier, world -> test.test(world) ? 1 : 0, true);
    }

    /** A number, of which the largest or the smallest is asked for. */
    public static Condition measure(String written, Quantifier quantifier, ToLongFunction<World> value) {
        return new Condition(written, quantifier, value, false);
    }
}
