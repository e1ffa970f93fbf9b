package dev.shootdown.js;

import dev.shootdown.lang.Front;
import dev.shootdown.lang.Listing;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import dev.shootdown.trace.Moment;
import dev.shootdown.vocabulary.Diagnostic;
import java.util.ArrayList;
import java.util.List;

/**
 * Stands between a session and the front, and hears what a statement comes to. All that the front wants to see goes on
 * to it; diagnostics do not: they are first given to the script, which may catch them.
 */
final class Ear implements Front {
    /** Somebody in the script who wants to be told of events. */
    interface Listener {
        Kind kind();

        void tell(Moment moment);
    }

    /** A verdict with the events that led to it. */
    record Heard(Event.Verdict verdict, List<Moment> events) {}

    private static final long OWN = Kind.RETURN.bit() | Kind.VERDICT.bit() | Kind.PRINT.bit();

    private final Front front;
    private final List<Listener> listeners = new ArrayList<>();
    private final List<Diagnostic> diagnostics = new ArrayList<>();
    private final List<Heard> verdicts = new ArrayList<>();
    private final List<Listing> listings = new ArrayList<>();
    private List<Moment> witness = List.of();
    private Moment returned;
    private String printed;
    private boolean asking;
    private boolean listening;
    private boolean whole;
    private RuntimeException broken;
    private long step;

    Ear(Front front) {
        this.front = front;
    }

    /** Whether JavaScript is at work; otherwise diagnostics go straight on. */
    void listening(boolean now) {
        listening = now;
    }

    /** Whether witnesses are heard with all their events, however few of them the front shows: they are data of the script's. */
    void whole(boolean now) {
        whole = now;
    }

    /** Whether the user wants no more. */
    boolean wanted() {
        return front.interrupted();
    }

    /** Forgets the statement before; {@code asking} if what the next one prints is for us alone. */
    void begin(boolean asking) {
        this.asking = asking;
        diagnostics.clear();
        verdicts.clear();
        listings.clear();
        witness = List.of();
        returned = null;
        printed = null;
        broken = null;
    }

    void add(Listener listener) {
        listeners.add(listener);
    }

    List<Diagnostic> diagnostics() {
        return List.copyOf(diagnostics);
    }

    List<Heard> verdicts() {
        return List.copyOf(verdicts);
    }

    List<Listing> listings() {
        return List.copyOf(listings);
    }

    /** What the last call of an actor returned; null if nothing. */
    Object result(String actor) {
        return returned != null && returned.actor().equals(actor) ? ((Event.Return) returned.event()).result() : null;
    }

    /** What was printed; null if nothing. */
    String printed() {
        return printed;
    }

    /** What a listener of the script's threw; null if nothing. */
    RuntimeException broken() {
        return broken;
    }

    /** Prints a line in the middle of a statement. */
    void print(String text) {
        if ((front.kinds() & Kind.PRINT.bit()) != 0) {
            front.event(new Moment(step, "", new Event.Print(text)));
        }
    }

    /** Gives the front what the script is not to be asked about. */
    void pass(Diagnostic diagnostic) {
        front.diagnostic(diagnostic);
    }

    @Override
    public long kinds() {
        if (whole) {
            return -1;
        }
        long wanted = listening ? front.kinds() | OWN : front.kinds();
        for (Listener listener : listeners) {
            wanted |= listener.kind().bit();
        }
        return wanted;
    }

    @Override
    public void event(Moment moment) {
        step = moment.step();
        switch (moment.event()) {
            case Event.Print print when asking -> printed = print.text();
            case Event.Return call -> {
                returned = moment;
                forward(moment);
            }
            case Event.Verdict verdict -> {
                verdicts.add(new Heard(verdict, witness));
                forward(moment);
            }
            default -> forward(moment);
        }
    }

    private void forward(Moment moment) {
        Kind kind = moment.event().kind();
        if (shown(moment)) {
            front.event(moment);
        }
        for (Listener listener : listeners) {
            if (listener.kind() == kind && broken == null) {
                tell(listener, moment);
            }
        }
    }

    private boolean shown(Moment moment) {
        return (front.kinds() & moment.event().kind().bit()) != 0;
    }

    private void tell(Listener listener, Moment moment) {
        try {
            listener.tell(moment);
        } catch (RuntimeException failure) {
            broken = failure;
        }
    }

    @Override
    public void diagnostic(Diagnostic diagnostic) {
        if (listening) {
            diagnostics.add(diagnostic);
        } else {
            front.diagnostic(diagnostic);
        }
    }

    @Override
    public void witness(String title, List<Moment> events) {
        witness = List.copyOf(events);
        front.witness(title, events.stream().filter(this::shown).toList());
    }

    @Override
    public void listing(Listing listing) {
        listings.add(listing);
        front.listing(listing);
    }

    @Override
    public void progress(String line) {
        front.progress(line);
    }

    @Override
    public void news(String line) {
        front.news(line);
    }

    /** A statement is stopped too when a listener of the script's has thrown. */
    @Override
    public boolean interrupted() {
        return broken != null || front.interrupted();
    }
}
