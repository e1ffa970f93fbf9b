package dev.shootdown.lang;

import dev.shootdown.lang.grammar.ShootdownParser;
import dev.shootdown.lang.grammar.ShootdownParser.ScriptContext;
import dev.shootdown.lang.tree.Script;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ListTokenSource;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.ParseCancellationException;

/** From text to tree. Everything that ANTLR brings stays behind this door. */
public final class Parser {
    /** Nesting up to this needs no stack of its own. */
    private static final int SHALLOW = 50;

    /** Reserved, not used: what the deepest nesting allowed may need. */
    private static final long DEEP_STACK = 512L << 20;

    private Parser() {}

    /**
     * Reads a whole text.
     *
     * @param source what the text is called in diagnostics
     * @throws Refusal with the first thing that is wrong with it
     */
    public static Script parse(String source, String text) {
        Tokens tokens = Tokens.of(new Source(source, text));
        return withStack(tokens, () -> tree(tokens));
    }

    /**
     * Whether an input may be the beginning of a longer one: it breaks off inside braces, brackets, a fence, a comment,
     * or a statement. What is wrong whatever follows is not incomplete; nor is a string without its end.
     */
    public static boolean incomplete(String text) {
        try {
            Tokens tokens = Tokens.of(new Source("", text));
            return text.stripTrailing().endsWith("\\")
                    || tokens.openComment().isPresent()
                    || withStack(tokens, () -> breaksOff(tokens));
        } catch (Refusal wrong) {
            return false;
        }
    }

    private static boolean breaksOff(Tokens tokens) {
        try {
            context(tokens);
            return false;
        } catch (ParseCancellationException failed) {
            Failure failure = Failure.of(tokens, failed);
            return failure.atEnd() && !failure.insideText();
        }
    }

    private static Script tree(Tokens tokens) {
        try {
            ScriptContext context = context(tokens);
            tokens.openComment().ifPresent(comment -> {
                throw new Refusal(Diagnostic.error("unclosed-comment", tokens.source().at(comment), "this comment has no end")
                        .hint("a comment ends with */"));
            });
            return new Builder(tokens).script(context);
        } catch (ParseCancellationException failed) {
            throw new Refusal(new Complaint(Failure.of(tokens, failed)).diagnostic());
        }
    }

    /** The parse tree; SLL is enough for this grammar, which a test over all scripts ascertains. */
    static ScriptContext context(Tokens tokens) {
        ShootdownParser parser = parser(tokens);
        parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
        parser.setErrorHandler(new BailErrorStrategy());
        return parser.script();
    }

    static ShootdownParser parser(Tokens tokens) {
        ShootdownParser parser = new ShootdownParser(new CommonTokenStream(new ListTokenSource(tokens.all(), tokens.source().name())));
        parser.removeErrorListeners();
        return parser;
    }

    /** Runs something that recurses as deep as the text is nested. */
    static <T> T withStack(Tokens tokens, Supplier<T> work) {
        if (tokens.deepest() <= SHALLOW) {
            return work.get();
        }
        AtomicReference<T> result = new AtomicReference<>();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = new Thread(null, () -> result.set(work.get()), "parser", DEEP_STACK);
        thread.setUncaughtExceptionHandler((ignored, failure) -> thrown.set(failure));
        thread.start();
        join(thread);
        return switch (thrown.get()) {
            case null -> result.get();
            case RuntimeException exception -> throw exception;
            case Error error -> throw error;
            case Throwable other -> throw new IllegalStateException(other);
        };
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
