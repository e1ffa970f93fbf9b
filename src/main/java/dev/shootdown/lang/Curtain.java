package dev.shootdown.lang;

import dev.shootdown.trace.Moment;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Severity;
import java.util.List;

/** A front before which a curtain may hang: what happens behind it is not shown. */
final class Curtain implements Front {
    private final Front front;
    private boolean open;

    Curtain(Front front) {
        this.front = front;
    }

    void open() {
        open = true;
    }

    @Override
    public long kinds() {
        return open ? front.kinds() : 0;
    }

    @Override
    public void event(Moment moment) {
        if (open) {
            front.event(moment);
        }
    }

    /** Errors are shown in any case: without what failed there is no show. */
    @Override
    public void diagnostic(Diagnostic diagnostic) {
        if (open || diagnostic.severity() == Severity.ERROR) {
            front.diagnostic(diagnostic);
        }
    }

    @Override
    public void witness(String title, List<Moment> events) {
        front.witness(title, events);
    }

    @Override
    public void listing(Listing listing) {
        if (open) {
            front.listing(listing);
        }
    }

    @Override
    public void progress(String line) {
        front.progress(line);
    }

    @Override
    public void news(String line) {
        front.news(line);
    }

    @Override
    public boolean interrupted() {
        return front.interrupted();
    }
}
