package dev.shootdown.repl;

import dev.shootdown.lang.Front;
import dev.shootdown.lang.Listing;
import dev.shootdown.lang.Place;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import dev.shootdown.trace.Moment;
import dev.shootdown.view.JsonView;
import dev.shootdown.view.Names;
import dev.shootdown.view.TextView;
import dev.shootdown.view.Theme;
import dev.shootdown.view.View;
import dev.shootdown.vocabulary.Diagnostic;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Shows what comes of statements in the mode of the moment, and remembers the last one to show it again. */
final class Screen implements Front {
    /** More than this of one statement is not remembered. */
    private static final int MOST = 100_000;

    private final PrintWriter out;
    private final PrintWriter err;
    private final Theme theme;
    private final boolean watched;
    private final Function<String, List<Place>> places;
    private final List<Runnable> remembered = new ArrayList<>();
    private final List<Moment> table = new ArrayList<>();
    private Mode mode;
    private PrintWriter file;
    private boolean once;
    private View view;
    private volatile boolean interrupted;

    /** @param watched whether a person looks on */
    Screen(PrintWriter out, PrintWriter err, Theme theme, boolean watched, Mode mode, Function<String, List<Place>> places) {
        this.out = out;
        this.err = err;
        this.theme = theme;
        this.watched = watched;
        this.mode = mode;
        this.places = places;
        this.view = view(mode);
    }

    private View view(Mode manner) {
        PrintWriter data = file == null ? out : file;
        if (manner == Mode.JSON) {
            return new JsonView(data, err, false, watched, this::interrupted);
        }
        Theme colours = file == null ? theme : Theme.PLAIN;
        TextView.Manner text = new TextView.Manner(colours, theme, manner == Mode.QUIET, manner == Mode.FULL, watched);
        return new TextView(data, err, text, new Names(places::apply), this::interrupted);
    }

    Mode mode() {
        return mode;
    }

    void mode(Mode next) {
        mode = next;
        view = view(mode);
    }

    /** From now on, or for one statement, what is shown goes to a file; null for back to where it went. */
    void redirect(PrintWriter to, boolean forOne) {
        if (file != null) {
            file.close();
        }
        file = to;
        once = forOne && to != null;
        view = view(mode);
    }

    // ---------------------------------------------------------------- a statement begins and ends

    void begin() {
        remembered.clear();
        interrupted = false;
    }

    void end() {
        settle();
        if (once) {
            redirect(null, false);
        }
    }

    private void settle() {
        if (!table.isEmpty()) {
            view.witness("", List.copyOf(table));
            table.clear();
        }
        view.settle();
        (file == null ? out : file).flush();
    }

    void interrupt() {
        interrupted = true;
    }

    /** Shows again what came of the last statement. */
    void again(Mode manner) {
        Mode before = mode;
        mode(manner);
        remembered.forEach(Runnable::run);
        settle();
        mode(before);
    }

    // ---------------------------------------------------------------- a front

    /** All kinds, whatever the mode: another mode may show them later. */
    @Override
    public long kinds() {
        return Kind.EVERY & ~Kind.DIAGNOSTIC.bit();
    }

    @Override
    public void event(Moment moment) {
        show(() -> display(moment));
    }

    private void display(Moment moment) {
        boolean asked = moment.event() instanceof Event.Print || moment.event() instanceof Event.Verdict;
        if (!asked && (mode == Mode.TABLE || mode == Mode.FULL)) {
            table.add(moment);
        } else if (asked || mode != Mode.QUIET) {
            view.event(moment);
        }
    }

    @Override
    public void diagnostic(Diagnostic diagnostic) {
        show(() -> view.diagnostic(diagnostic));
    }

    @Override
    public void witness(String title, List<Moment> events) {
        show(() -> view.witness(title, events));
    }

    @Override
    public void listing(Listing listing) {
        show(() -> view.listing(listing));
    }

    @Override
    public void progress(String line) {
        view.progress(line);
    }

    @Override
    public void news(String line) {
        view.news(line);
    }

    @Override
    public boolean interrupted() {
        return interrupted;
    }

    /** Shows something, and remembers how: later it may be done again in another view. */
    private void show(Runnable how) {
        if (remembered.size() < MOST) {
            remembered.add(how);
        }
        how.run();
    }
}
