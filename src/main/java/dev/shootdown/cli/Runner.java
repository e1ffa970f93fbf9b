package dev.shootdown.cli;

import dev.shootdown.lang.Interpreter;
import dev.shootdown.lang.Place;
import dev.shootdown.lang.Status;
import dev.shootdown.view.Faults;
import dev.shootdown.view.Names;
import dev.shootdown.view.View;
import dev.shootdown.vocabulary.Refusal;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Carries out texts, one after the other, each on a fresh machine, in front of one view. */
final class Runner {
    /** What to do with a text. */
    @FunctionalInterface
    interface Job {
        Status run(Interpreter interpreter, String source, String text);
    }

    private final Languages languages;
    private final View view;
    private final Faults faults;
    private Interpreter running;

    /** @param make makes the view, which asks for the names of ranges on the machine that runs */
    Runner(Languages languages, Function<Names, View> make, Faults faults) {
        this.languages = languages;
        this.view = make.apply(new Names(this::places));
        this.faults = faults;
    }

    private List<Place> places(String process) {
        return running == null ? List.of() : running.places(process);
    }

    View view() {
        return view;
    }

    /** Carries out one text; nothing that is thrown on the way leaves here. */
    Status run(Script language, String source, Supplier<String> text, Job job) {
        try {
            String read = text.get();
            try (Interpreter interpreter = languages.open(language, view)) {
                running = interpreter;
                return job.run(interpreter, source, read);
            }
        } catch (Refusal refusal) {
            view.diagnostic(refusal.diagnostic());
            return Status.REFUSED;
        } catch (Throwable failure) {
            return faults.tell(failure, source, view);
        } finally {
            running = null;
            view.settle();
        }
    }
}
