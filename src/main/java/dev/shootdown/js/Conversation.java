package dev.shootdown.js;

import dev.shootdown.lang.Interpreter;
import dev.shootdown.lang.Place;
import dev.shootdown.lang.Status;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Severity;
import dev.shootdown.vocabulary.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Hands statements to a session, one after the other, and makes of what goes wrong an error of the script's. All that
 * JavaScript can do to a machine goes through here, so whatever the language says holds for it too.
 */
final class Conversation {
    /** What our statements are called. Nobody sees it: a diagnostic about one is given its place in the script. */
    private static final String STATEMENT = "statement";

    private final Interpreter session;
    private final Ear ear;
    private final Sandbox sandbox;
    private final Limits limits;
    private final List<String> said = new ArrayList<>();
    private final boolean declaring;
    private volatile boolean busy;
    private boolean recording;
    private boolean stopped;
    private long statements;
    private Status status = Status.HELD;

    /**
     * @param session   who carries statements out
     * @param ear       the front that the session has
     * @param declaring whether scenarios are only declared, and neither run nor explored
     */
    Conversation(Interpreter session, Ear ear, Sandbox sandbox, Limits limits, boolean declaring) {
        this.session = session;
        this.ear = ear;
        this.sandbox = sandbox;
        this.limits = limits;
        this.declaring = declaring;
    }

    /** Carries a statement out, and keeps it for {@link #transcript}. */
    void say(String statement) {
        carryOut(statement, List.of(), false);
        said.add(statement);
    }

    /**
     * Carries out a statement of several lines.
     *
     * @param places where in the script each line of it comes from
     */
    void say(String statement, List<Span> places) {
        carryOut(statement, places, false);
        said.add(statement);
    }

    /** Carries out what is no part of the description: it looks, or runs what is described. */
    void look(String statement) {
        carryOut(statement, List.of(), false);
    }

    /** What an expression of the language comes to, as it prints it. */
    String ask(String expression) {
        carryOut("print " + expression, List.of(), true);
        return ear.printed();
    }

    /** The range that a name stands for. */
    Optional<Place> place(String process, String name) {
        return session.places(process).stream().filter(place -> place.name().equals(name)).findFirst();
    }

    /** Another text begins, or another line of a prompt. */
    void start() {
        status = Status.HELD;
        statements = 0;
        stopped = false;
    }

    /** Prints a line: as a statement of its own where one can stand, else among the events of the one that runs. */
    void print(String text) {
        if (busy || recording) {
            ear.print(text);
        } else {
            look("print " + Spelling.quoted(text));
        }
    }

    Ear ear() {
        return ear;
    }

    /** Whether the session is at work: then no further statement may come. */
    boolean busy() {
        return busy;
    }

    /** Whether scenarios are only to be declared. */
    boolean declaring() {
        return declaring;
    }

    /** While this is so, no statement may come either: they are being written down. */
    void recording(boolean now) {
        recording = now;
    }

    /** What all of it has come to, apart from errors that the script was given. */
    Status status() {
        return status;
    }

    /** The statements that describe the machine and its scenarios, as a script of the language. */
    String transcript() {
        return said.isEmpty() ? "" : String.join("\n", said) + "\n";
    }

    private void carryOut(String statement, List<Span> places, boolean asking) {
        allow();
        ear.begin(asking);
        busy = true;
        Status came;
        try {
            came = session.evaluate(STATEMENT, statement);
        } finally {
            busy = false;
        }
        if (ear.broken() != null) {
            throw ear.broken();
        }
        judge(came, places);
    }

    private void allow() {
        if (busy) {
            throw Composer.refusal("in-event", "no statement can begin in the middle of another")
                    .with("what is told of an event may look at the event, and print", List.of());
        }
        if (recording) {
            throw Composer.refusal("outside-race", "this is not part of what is being described")
                    .with("in setup and race, write r(app.main).munmap(buf)", List.of());
        }
        if (stopped) {
            throw new Stopped();
        }
        if (++statements > limits.statements()) {
            Diagnostic tooMany = Diagnostic.error("statement-limit", Span.whole(""), "the script was stopped after "
                    + limits.statements() + " statements of the machine");
            throw sandbox.raise(new Carried(tooMany.hint("is there a loop that never ends?"), Status.BOUND));
        }
        sandbox.resetLimits();
    }

    private void judge(Status came, List<Span> places) {
        Diagnostic wrong = null;
        for (Diagnostic diagnostic : ear.diagnostics()) {
            if (diagnostic.severity() == Severity.WARNING) {
                ear.pass(diagnostic.at(place(diagnostic, places)));
            } else if (wrong == null) {
                wrong = diagnostic.at(place(diagnostic, places));
            }
        }
        if (came == Status.INTERRUPTED) {
            stopped = true;
            throw new Stopped();
        }
        if (wrong != null) {
            throw sandbox.raise(new Carried(wrong, came == Status.HELD ? Status.FAILED : came));
        }
        status = status.and(came);
    }

    /** Where the script wrote what a diagnostic is about. */
    private Span place(Diagnostic diagnostic, List<Span> places) {
        if (!diagnostic.span().source().equals(STATEMENT) && diagnostic.span().line() > 0) {
            return diagnostic.span();
        }
        int line = diagnostic.span().line();
        boolean known = line >= 1 && line <= places.size() && places.get(line - 1).line() > 0;
        return known ? places.get(line - 1) : sandbox.here();
    }

    /** The user wants no more. */
    static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stopped() {
            super("stopped", null, false, false);
        }
    }
}
