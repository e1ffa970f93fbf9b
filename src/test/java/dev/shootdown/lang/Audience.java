package dev.shootdown.lang;

import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import dev.shootdown.trace.Moment;
import dev.shootdown.vocabulary.Diagnostic;
import java.util.ArrayList;
import java.util.List;

/** A front that keeps all that it is shown. */
final class Audience implements Front {
    final List<Moment> moments = new ArrayList<>();
    final List<Diagnostic> diagnostics = new ArrayList<>();
    final List<Listing> listings = new ArrayList<>();
    final List<List<Moment>> witnesses = new ArrayList<>();
    /** Whether the user wants an end. */
    boolean interrupted;

    /** The texts that were printed. */
    List<String> printed() {
        return moments.stream().map(Moment::event).filter(Event.Print.class::isInstance).map(event -> ((Event.Print) event).text()).toList();
    }

    List<Event.Verdict> verdicts() {
        return moments.stream().map(Moment::event).filter(Event.Verdict.class::isInstance).map(Event.Verdict.class::cast).toList();
    }

    /** The names of the events that were seen, in order. */
    List<String> events() {
        return moments.stream().map(moment -> moment.event().kind().word()).toList();
    }

    @Override
    public long kinds() {
        return Kind.alphabet().stream().mapToLong(Kind::bit).reduce(0, (a, b) -> a | b);
    }

    @Override
    public void event(Moment moment) {
        moments.add(moment);
    }

    @Override
    public void diagnostic(Diagnostic diagnostic) {
        diagnostics.add(diagnostic);
    }

    @Override
    public void witness(String title, List<Moment> events) {
        witnesses.add(events);
    }

    @Override
    public void listing(Listing listing) {
        listings.add(listing);
    }

    @Override
    public void progress(String line) {}

    @Override
    public void news(String line) {}

    @Override
    public boolean interrupted() {
        return interrupted;
    }
}
