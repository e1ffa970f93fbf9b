package dev.shootdown.js;

import dev.shootdown.lang.Candidate;
import dev.shootdown.lang.Experiment;
import dev.shootdown.lang.Exploration;
import dev.shootdown.lang.Fence;
import dev.shootdown.lang.Front;
import dev.shootdown.lang.Interpreter;
import dev.shootdown.lang.Lexeme;
import dev.shootdown.lang.Parser;
import dev.shootdown.lang.Place;
import dev.shootdown.lang.Status;
import dev.shootdown.lang.tree.Script;
import dev.shootdown.vocabulary.Refusal;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Carries out scripts in the language, with JavaScript between fences. There a script finds {@code m}, the machine,
 * and what was declared above it under its own name.
 */
public final class Scripts implements Interpreter {
    private final Ear ear;
    private final Guests guests = new Guests();
    private final Interpreter session;
    private final Limits limits;
    private Running running;

    /** @param sessions opens a session of the language */
    public Scripts(Front front, BiFunction<Front, Fence, Interpreter> sessions) {
        this.ear = new Ear(front);
        this.limits = Limits.standard();
        this.session = sessions.apply(ear, new Fences(guests, this::running));
    }

    private Running running() {
        if (running == null || running.dead()) {
            running = new Running(ear, session, guests, limits, false);
            running.api().installMachine();
        }
        return running;
    }

    /** A fresh sandbox for what comes next. */
    private void forget() {
        if (running != null) {
            running.close();
            running = null;
        }
    }

    /** Lets JavaScript see what the text declares. A text that cannot be read is refused by the session. */
    private void learn(String source, String text) {
        if (text.contains("```") || running != null) {
            try {
                Script script = Parser.parse(source, text);
                running().api().know(script.statements());
            } catch (Refusal wrong) {
                return;
            }
        }
    }

    @Override
    public Status execute(String source, String text) {
        forget();
        learn(source, text);
        return session.execute(source, text);
    }

    @Override
    public Status evaluate(String source, String text) {
        learn(source, text);
        return session.evaluate(source, text);
    }

    @Override
    public Status explore(String source, String text, Exploration request) {
        forget();
        learn(source, text);
        return session.explore(source, text, request);
    }

    @Override
    public Status mutate(String source, String text, Experiment request) {
        forget();
        learn(source, text);
        return session.mutate(source, text, request);
    }

    @Override
    public boolean incomplete(String text) {
        return session.incomplete(text);
    }

    @Override
    public List<Candidate> complete(String text, int cursor) {
        return session.complete(text, cursor);
    }

    @Override
    public List<Lexeme> lexemes(String text) {
        return session.lexemes(text);
    }

    @Override
    public String actor() {
        return session.actor();
    }

    @Override
    public List<Place> places(String process) {
        return session.places(process);
    }

    @Override
    public void close() {
        forget();
        session.close();
    }
}
