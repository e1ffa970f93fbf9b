package dev.shootdown.view;

import dev.shootdown.lang.Listing;
import dev.shootdown.trace.Moment;
import dev.shootdown.vocabulary.Diagnostic;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Shows a session as JSON Lines: nothing but objects, each on a line of its own; progress is talk, and goes elsewhere. */
public final class JsonView implements View {
    private final JsonText text = new JsonText();
    private final PrintWriter data;
    private final boolean quiet;
    private final BooleanSupplier interrupted;
    private final ProgressLine progress;

    /**
     * @param talk        where progress goes
     * @param quiet       only what is printed, verdicts and diagnostics
     * @param watched     whether somebody looks on there
     * @param interrupted whether the user wants to stop
     */
    public JsonView(PrintWriter data, PrintWriter talk, boolean quiet, boolean watched, BooleanSupplier interrupted) {
        this.data = data;
        this.quiet = quiet;
        this.interrupted = interrupted;
        this.progress = new ProgressLine(talk, watched && !quiet);
    }

    @Override
    public long kinds() {
        return TextView.kinds(quiet);
    }

    @Override
    public void event(Moment moment) {
        line(text.event(moment));
    }

    @Override
    public void diagnostic(Diagnostic diagnostic) {
        line(text.diagnostic(diagnostic));
    }

    @Override
    public void witness(String title, List<Moment> events) {
        if (!quiet) {
            events.stream().filter(moment -> moment.event().kind().inAlphabet()).forEach(this::event);
        }
    }

    @Override
    public void listing(Listing listing) {
        line(text.listing(listing));
    }

    @Override
    public void progress(String line) {
        data.flush();
        progress.show(line);
    }

    @Override
    public void news(String line) {
        if (!quiet) {
            data.flush();
            progress.say(line);
        }
    }

    @Override
    public boolean interrupted() {
        return interrupted.getAsBoolean();
    }

    @Override
    public void settle() {
        progress.show("");
        data.flush();
    }

    private void line(String json) {
        progress.show("");
        data.append(json).append('\n');
    }
}
