package dev.shootdown.sim;

/**
 * Everything that happens is one: a small immutable record with a name and its arguments. It runs atomically,
 * changes cells, emits at most one event at which one can stop, and may put further steps in front of what its
 * actor has still to do.
 *
 * <p>A step holds data only, never a part of the machine: it asks its {@link Turn} for those. So an agenda may
 * move to another World of the same description.
 */
public interface Step {
    /** Whether it may run now: a pure question to the cells, which always reads the same ones. */
    default boolean ready(World world) {
        return true;
    }

    /** How many ways it has to go on, of which an exploration tries each; {@link Turn#choice} says which it is. */
    default int choices(World world) {
        return 1;
    }

    /** Whether an actor that waits here has nothing to do, so that nobody misses it at the end. */
    default boolean idle() {
        return false;
    }

    /** Whether an operation ends with it: what is put off beyond the operation comes behind. */
    default boolean ends() {
        return false;
    }

    void run(Turn turn);

    /** As {@code info actors} shows it. */
    default String name() {
        return getClass().getSimpleName();
    }
}
