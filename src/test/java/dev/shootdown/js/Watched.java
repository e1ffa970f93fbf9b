package dev.shootdown.js;

import dev.shootdown.lang.Front;
import dev.shootdown.lang.Listing;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import dev.shootdown.trace.Moment;
import dev.shootdown.vocabulary.Diagnostic;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A front that keeps what it is told. */
final class Watched implements Front {
    final List<Moment> events = new ArrayList<>();
    final List<Diagnostic> diagnostics = new ArrayList<>();
    final List<Listing> listings = new ArrayList<>();
    final List<List<Moment>> witnesses = new ArrayList<>();
    private final BooleanSupplier interrupted;
    private long kinds = Kind.alphabet().stream().mapToLong(Kind::bit).reduce(0, (a, b) -> a | b);

    /** One that wants to see what scripts print, and nothing else. */
    static Watched quiet() {
        Watched quiet = new Watched();
        quiet.kinds = Kind.PRINT.bit();
        return quiet;
    }

    Watched() {
        this(() -> false);
    }

    Watched(BooleanSupplier interrupted) {
        this.interrupted = interrupted;
    }

    /** The lines that were printed. */
    List<String> printed() {
        return events.stream().filter(moment -> moment.event() instanceof Event.Print).map(moment -> ((Event.Print) moment.event()).text()).toList();
    }

    /** What was seen, without the time and the memory that a search took. */
    List<Object> told() {
        return events.stream().<Object>map(moment -> moment.event() instanceof Event.Verdict e ? e.condition() + e.verdict() + e.scenario() + e.witness()
                + e.complete() + e.states() : moment).toList();
    }

    /** The only diagnostic. */
    Diagnostic diagnostic() {
        if (diagnostics.size() != 1) {
            throw new AssertionError("not one diagnostic: " + diagnostics);
        }
        return diagnostics.getFirst();
    }

    @Override
    public long kinds() {
        return kinds;
    }

    @Override
    public void event(Moment moment) {
        events.add(moment);
    }

    @Override
    public void diagnostic(Diagnostic diagnostic) {
        diagnostics.add(diagnostic);
    }

    @Override
    public void witness(String title, List<Moment> moments) {
        witnesses.add(moments);
    }

    @Override
    public void listing(Listing listing) {
        listings.add(listing);
    }

    @Override
    public void progress(String line) {
        // Talk.
    }

    @Override
    public void news(String line) {
        // Talk.
    }

    @Override
    public boolean interrupted() {
        return interrupted.getAsBoolean();
    }
}
