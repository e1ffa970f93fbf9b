package dev.shootdown.js;

import dev.shootdown.lang.Front;
import dev.shootdown.lang.Listing;
import dev.shootdown.trace.Moment;
import dev.shootdown.vocabulary.Diagnostic;
import java.util.List;

/** A front that shows nothing but what is wrong. */
record Silent(Front front) implements Front {
    @Override
    public long kinds() {
        return 0;
    }

    @Override
    public void event(Moment moment) {
        // Nobody asked for it.
    }

    @Override
    public void diagnostic(Diagnostic diagnostic) {
        front.diagnostic(diagnostic);
    }

    @Override
    public void witness(String title, List<Moment> events) {
        // Nobody asked for it.
    }

    @Override
    public void listing(Listing listing) {
        // Nobody asked for it.
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
