package dev.shootdown.js;

import dev.shootdown.lang.Candidate;
import dev.shootdown.lang.Experiment;
import dev.shootdown.lang.Exploration;
import dev.shootdown.lang.Fence;
import dev.shootdown.lang.Front;
import dev.shootdown.lang.Interpreter;
import dev.shootdown.lang.Lexeme;
import dev.shootdown.lang.Place;
import dev.shootdown.lang.Status;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Carries out scripts in JavaScript. They do nothing to a machine by themselves: what they call is written as
 * statements of the language and handed to a session, so that words, checks and diagnostics are the same.
 */
public final class JavaScript implements Interpreter {
    private final Front front;
    private final BiFunction<Front, Fence, Interpreter> sessions;
    private final Limits limits;
    private Guests guests = new Guests();
    private Interpreter session;
    private Running running;

    /** @param sessions opens a session of the language */
    public JavaScript(Front front, BiFunction<Front, Fence, Interpreter> sessions) {
        this(front, sessions, Limits.standard());
    }

    /** @param limits how much a script may use */
    public JavaScript(Front front, BiFunction<Front, Fence, Interpreter> sessions, Limits limits) {
        this.front = front;
        this.sessions = sessions;
        this.limits = limits;
    }

    @Override
    public Status execute(String source, String text) {
        open(front, false);
        return running.run(source, text);
    }

    @Override
    public Status evaluate(String source, String text) {
        if (running == null || running.dead()) {
            open(front, false);
        }
        return running.run(source, text);
    }

    /**
     * Runs the script for what it declares, and explores that: scenarios are not run on the way, and nothing is shown.
     */
    @Override
    public Status explore(String source, String text, Exploration request) {
        return declared(source, text, explorer -> explorer.explore(source, running.transcript(), request));
    }

    /** As {@link #explore}. */
    @Override
    public Status mutate(String source, String text, Experiment request) {
        return declared(source, text, explorer -> explorer.mutate(source, running.transcript(), request));
    }

    private Status declared(String source, String text, Function<Interpreter, Status> job) {
        open(new Silent(front), true);
        Status declared = running.run(source, text);
        if (declared != Status.HELD) {
            return declared;
        }
        try (Interpreter explorer = sessions.apply(front, new Fences(guests, () -> running))) {
            return job.apply(explorer);
        }
    }

    private void open(Front shown, boolean declaring) {
        close();
        guests = new Guests();
        Ear ear = new Ear(shown);
        session = sessions.apply(ear, new Fences(guests, () -> running));
        running = new Running(ear, session, guests, limits, declaring);
    }

    @Override
    public boolean incomplete(String text) {
        if (running == null) {
            open(front, false);
        }
        return running.incomplete(text);
    }

    /** None: a prompt for JavaScript has no completion yet. */
    @Override
    public List<Candidate> complete(String text, int cursor) {
        return List.of();
    }

    @Override
    public List<Lexeme> lexemes(String text) {
        return List.of();
    }

    @Override
    public String actor() {
        return session == null ? "" : session.actor();
    }

    @Override
    public List<Place> places(String process) {
        return session == null ? List.of() : session.places(process);
    }

    @Override
    public void close() {
        if (running != null) {
            running.close();
            session.close();
            running = null;
            session = null;
        }
    }
}
