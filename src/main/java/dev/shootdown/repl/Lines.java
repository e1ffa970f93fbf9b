package dev.shootdown.repl;

import java.util.List;

/** Where statements come from, one at a time: whole, however many lines they have. */
interface Lines extends AutoCloseable {
    /** The next statement, or null where no more will come. */
    String next(String prompt);

    /** What was read before, the oldest first. */
    List<String> history();

    @Override
    void close();
}
