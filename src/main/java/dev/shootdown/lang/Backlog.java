package dev.shootdown.lang;

import dev.shootdown.trace.Moment;
import dev.shootdown.vocabulary.Diagnostic;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The front of one of several tasks that run at the same time. What comes of it is kept until it is its turn, and is shown in order
 * then; from there on it is shown at once. News are told at once in any case: talk is in no order.
 */
final class Backlog implements Front {
    /** What all tasks hold when they show something. */
    private final Front front;
    private final BooleanSupplier ended;
    private final Consumer<Play> stage;
    private final List<Runnable> kept = new ArrayList<>();
    private boolean open;
    private Supplier<Play> names;

    /**
     * @param front what it comes to in the end, one task at a time
     * @param stage is told whose names are those of what is shown next
     * @param ended whether nothing more is wanted of the task
     */
    Backlog(Front front, Consumer<Play> stage, BooleanSupplier ended) {
        this.front = front;
        this.stage = stage;
        this.ended = ended;
    }

    /** Whose names are those of what comes, asked as it comes; nobody's without. */
    void names(Supplier<Play> play) {
        names = play;
    }

    /** It is its turn. */
    void open() {
        synchronized (front) {
            open = true;
            kept.forEach(Runnable::run);
            kept.clear();
        }
    }

    /** Forgets what was kept: the task is done anew. */
    void forget() {
        synchronized (front) {
            kept.clear();
        }
    }

    private void show(Runnable how) {
        Play play = names == null ? null : names.get();
        synchronized (front) {
            kept.add(() -> {
                if (play != null) {
                    stage.accept(play);
                }
                how.run();
            });
            if (open) {
                open();
            }
        }
    }

    @Override
    public long kinds() {
        return front.kinds();
    }

    @Override
    public void event(Moment moment) {
        show(() -> front.event(moment));
    }

    @Override
    public void diagnostic(Diagnostic diagnostic) {
        show(() -> front.diagnostic(diagnostic));
    }

    @Override
    public void witness(String title, List<Moment> events) {
        show(() -> front.witness(title, events));
    }

    @Override
    public void listing(Listing listing) {
        show(() -> front.listing(listing));
    }

    @Override
    public void progress(String line) {
        synchronized (front) {
            if (open) {
                front.progress(line);
            }
        }
    }

    @Override
    public void news(String line) {
        synchronized (front) {
            front.news(line);
        }
    }

    @Override
    public boolean interrupted() {
        return ended.getAsBoolean() || front.interrupted();
    }
}
