package dev.shootdown.lang;

/** A run stands still: at a break, or where a watched place changed. What it was in the middle of goes on later. */
final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Task task;

    /** @param task the innermost statement that stands */
    Stopped(Task task) {
        super("stopped", null, false, false);
        this.task = task;
    }

    /** What comes behind the statement, once it has been carried out. */
    void then(Runnable rest) {
        task.then(rest);
    }
}
