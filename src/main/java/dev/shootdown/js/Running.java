package dev.shootdown.js;

import dev.shootdown.lang.Interpreter;
import dev.shootdown.lang.Status;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;

/** A sandbox with a session: what lives from one script, or one line of a prompt, to the next. */
final class Running implements AutoCloseable {
    private final Ear ear;
    private final Sandbox sandbox;
    private final Conversation conversation;
    private final Api api;
    private boolean dead;
    private boolean whole;

    /**
     * @param ear       the front that the session has
     * @param declaring whether scenarios are only to be declared
     */
    Running(Ear ear, Interpreter session, Guests guests, Limits limits, boolean declaring) {
        this.ear = ear;
        this.sandbox = new Sandbox(limits.steps(), this::print);
        this.conversation = new Conversation(session, ear, sandbox, limits, declaring);
        this.api = new Api(sandbox, conversation, guests);
        api.install();
    }

    private void print(String text) {
        api.guarded(() -> {
            conversation.print(text);
            return null;
        });
    }

    Api api() {
        return api;
    }

    /** Whether what ran last came to its end. */
    boolean whole() {
        return whole;
    }

    /** Whether a limit was reached: then nothing runs in here any more. */
    boolean dead() {
        return dead;
    }

    String transcript() {
        return conversation.transcript();
    }

    boolean incomplete(String text) {
        return sandbox.incomplete(text);
    }

    /** Runs a text. What is wrong with it, or what goes wrong, has been told to the front afterwards. */
    Status run(String source, String text) {
        whole = false;
        return guarded(source, () -> {
            sandbox.evaluate(source, text);
            api.finish();
            whole = true;
        });
    }

    /**
     * Reads a text without running it.
     *
     * @param expression whether it has to be an expression
     */
    void check(String source, String text, int line, boolean expression) {
        try {
            sandbox.parse(source, expression ? expression(text, line) : statements(text, line));
        } catch (PolyglotException wrong) {
            throw Mistake.of(sandbox, wrong).refusal();
        }
    }

    /** A piece of another text, in its place there, so that its lines have the numbers that they have there. */
    static String statements(String text, int line) {
        return "\n".repeat(Math.max(0, line - 1)) + text;
    }

    private static String expression(String text, int line) {
        String bare = text.strip();
        boolean members = !bare.startsWith("(") && !bare.startsWith("{");
        return statements(members ? "({" + text + "\n})" : "(" + text.replaceFirst(";\\s*$", "") + "\n)", line);
    }

    /** The value of a text that is an expression, at its place in another text. */
    Value expression(String source, String text, int line) {
        try {
            return sandbox.evaluate(source, expression(text, line));
        } catch (PolyglotException wrong) {
            throw Mistake.of(sandbox, wrong).refusal();
        }
    }

    private Status guarded(String source, Runnable work) {
        conversation.start();
        Watch watch = new Watch(sandbox, ear::wanted, conversation::busy);
        ear.listening(true);
        try {
            sandbox.resetLimits();
            work.run();
            return conversation.status();
        } catch (PolyglotException thrown) {
            return conversation.status().and(tell(source, Mistake.of(sandbox, thrown)));
        } catch (Refusal refusal) {
            ear.pass(refusal.diagnostic());
            return Status.REFUSED;
        } catch (Conversation.Stopped stopped) {
            return Status.INTERRUPTED;
        } finally {
            ear.listening(false);
            watch.close();
        }
    }

    /** What has no place in the script is of all of it. */
    private Status tell(String source, Mistake mistake) {
        dead = mistake.status() == Status.BOUND;
        mistake.diagnostic().map(said -> said.span().line() > 0 ? said : said.at(Span.whole(source))).ifPresent(ear::pass);
        return mistake.status();
    }

    @Override
    public void close() {
        sandbox.close();
    }
}
