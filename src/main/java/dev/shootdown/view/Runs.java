package dev.shootdown.view;

import dev.shootdown.trace.Moment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Puts events that belong together into {@link Run}s, and passes each on when it is complete. */
final class Runs {
    private final Consumer<Run> out;
    private Run open;

    Runs(Consumer<Run> out) {
        this.out = out;
    }

    void add(Moment moment) {
        Run longer = open == null ? null : open.with(moment);
        if (longer == null) {
            flush();
            longer = Run.of(moment);
        }
        open = longer;
    }

    /** Passes on what is still open. */
    void flush() {
        if (open != null) {
            Run done = open;
            open = null;
            out.accept(done);
        }
    }

    static List<Run> of(List<Moment> moments) {
        List<Run> all = new ArrayList<>();
        Runs runs = new Runs(all::add);
        moments.forEach(runs::add);
        runs.flush();
        return all;
    }
}
