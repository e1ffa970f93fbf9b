package dev.shootdown.lang;

import java.util.function.Consumer;

/** A run stands still: at a break, or where a watched place changed. What it was in the middle of goes on later. */
final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Task task;

    /** @param task the innermost statement that stands */
    Stopped(Task task) {
        super("stopped", null, false, false);
        this.task = task;
    }

    /** The same for those above a statement in whose middle it came: what comes behind that waits for its own end. */
    Stopped outOf(Task outer) {
        return task == outer ? this : new Stopped(outer);
    }

    /** What comes behind the statement is done in surroundings of its own. */
    void within(Consumer<Runnable> surroundings) {
        task.within(surroundings);
    }

    /** What comes behind the statement, once it has been carried out. */
    void then(Runnable rest) {
        task.then(rest);
    }
}
