package dev.shootdown.js;

import dev.shootdown.lang.Status;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Span;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.EnvironmentAccess;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.PolyglotAccess;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.ResourceLimits;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.SourceSection;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.IOAccess;
import org.graalvm.polyglot.proxy.ProxyArray;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.graalvm.polyglot.proxy.ProxyObject;

/**
 * A place in which JavaScript runs and out of which it cannot reach: no files, no network, no Java, no threads, no
 * clock, no chance. Whatever it can do is given to it by {@link #define}. One thread at a time may be inside.
 */
final class Sandbox implements AutoCloseable {
    static final String LANGUAGE = "js";

    /** One for all contexts of an engine, or the engine refuses them. */
    private static final HostAccess ACCESS = HostAccess.newBuilder(HostAccess.EXPLICIT)
            .allowArrayAccess(true)
            .allowListAccess(true)
            .allowMapAccess(true)
            .allowIterableAccess(true)
            .allowIteratorAccess(true)
            .build();

    /** Made when the first script comes: it costs a second. */
    private static final class Shared {
        private static final Engine ENGINE = Engine.newBuilder(LANGUAGE)
                .option("engine.WarnInterpreterOnly", "false")
                .out(OutputStream.nullOutputStream())
                .err(OutputStream.nullOutputStream())
                .build();
        private static final Source PRELUDE =
                Source.newBuilder(LANGUAGE, resource("prelude.js"), "prelude.js").internal(true).buildLiteral();
    }

    private final Context context;
    private final Value prelude;
    private final Value undefined;

    /**
     * @param steps   how many statements of JavaScript may run in a row
     * @param printed what {@code print} is given
     */
    Sandbox(long steps, Consumer<String> printed) {
        this.context = Context.newBuilder(LANGUAGE)
                .engine(Shared.ENGINE)
                .allowHostAccess(ACCESS)
                .allowHostClassLookup(name -> false)
                .allowHostClassLoading(false)
                .allowIO(IOAccess.NONE)
                .allowCreateThread(false)
                .allowCreateProcess(false)
                .allowNativeAccess(false)
                .allowPolyglotAccess(PolyglotAccess.NONE)
                .allowEnvironmentAccess(EnvironmentAccess.NONE)
                .option("js.unhandled-rejections", "throw")
                .option("js.locale", "en")
                .out(OutputStream.nullOutputStream())
                .err(OutputStream.nullOutputStream())
                .resourceLimits(ResourceLimits.newBuilder().statementLimit(steps, source -> !source.isInternal()).build())
                .build();
        this.undefined = context.eval(LANGUAGE, "undefined");
        this.prelude = context.eval(Shared.PRELUDE).execute(host(printed), absent(), ProxyArray.fromList(List.copyOf(Absent.GONE)));
    }

    private static String resource(String name) {
        try (InputStream stream = Sandbox.class.getResourceAsStream(name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private ProxyObject host(Consumer<String> printed) {
        ProxyExecutable refuse = arguments -> {
            throw raise(new Carried(Absent.named(arguments[0].asString()).diagnostic(), Status.REFUSED));
        };
        ProxyExecutable print = arguments -> {
            printed.accept(arguments[0].asString());
            return null;
        };
        ProxyExecutable isThing = arguments -> arguments[0].isProxyObject() || arguments[0].isHostObject();
        return ProxyObject.fromMap(Map.of("refuse", refuse, "print", print, "isThing", isThing));
    }

    private static ProxyArray absent() {
        return ProxyArray.fromList(Arrays.stream(Absent.values())
                .flatMap(absent -> absent.names().stream())
                .filter(name -> !name.contains("."))
                .map(Object.class::cast)
                .toList());
    }

    // ---------------------------------------------------------------- running

    /** Makes something known to all scripts in here. */
    void define(String name, Object value) {
        context.getBindings(LANGUAGE).putMember(name, value);
    }

    /**
     * Runs a text.
     *
     * @param source what it is called
     * @throws PolyglotException whatever comes of it, to be read by {@link Mistake}
     */
    Value evaluate(String source, String text) {
        return context.eval(source(source, text));
    }

    /** Reads a text without running it. */
    void parse(String source, String text) {
        context.parse(source(source, text));
    }

    private static Source source(String name, String text) {
        return Source.newBuilder(LANGUAGE, text, name).buildLiteral();
    }

    /** Whether a text is the beginning of a longer one. */
    boolean incomplete(String text) {
        try {
            parse("", text);
            return false;
        } catch (PolyglotException wrong) {
            return wrong.isIncompleteSource();
        }
    }

    /** Begins to count anew what a script uses. */
    void resetLimits() {
        context.resetLimits();
    }

    /** Stops what runs in here, from another thread; afterwards more can be run. */
    void interrupt() {
        try {
            context.interrupt(Duration.ofSeconds(10));
        } catch (TimeoutException stuck) {
            kill();
        }
    }

    /** Stops what runs in here, from another thread, for good. */
    void kill() {
        context.close(true);
    }

    @Override
    public void close() {
        context.close(true);
    }

    // ---------------------------------------------------------------- values

    Value undefined() {
        return undefined;
    }

    /** A number of 64 bits without a sign, as a BigInt. */
    Value bigint(long value) {
        return prelude.getMember("bigint").execute(new BigInteger(Long.toUnsignedString(value)).toString());
    }

    /** A number: one of JavaScript's own where it is exact, else a BigInt. */
    Object number(long value) {
        boolean exact = value >= -MOST_EXACT && value <= MOST_EXACT;
        return exact ? (Object) value : bigint(value);
    }

    private static final long MOST_EXACT = (1L << 53) - 1;

    /** A frozen object with these members, in this order. */
    Value record(Map<String, ?> members) {
        Object[] keys = members.keySet().toArray();
        Object[] values = members.values().toArray();
        return prelude.getMember("record").execute(ProxyArray.fromArray(keys), ProxyArray.fromArray(values));
    }

    /** A frozen array. */
    Value list(List<?> elements) {
        return prelude.getMember("list").execute(ProxyArray.fromArray(elements.toArray()));
    }

    /** Calls a driver's callback, which asks for actions; gives what it returns. */
    Value asking(Value driver, String callback, Object range, ProxyExecutable actions, List<String> names, ProxyObject state) {
        ProxyArray list = ProxyArray.fromArray(names.toArray());
        return prelude.getMember("asking").execute(driver, callback, range == null ? undefined : range, actions, list, state);
    }

    // ---------------------------------------------------------------- errors

    /** A value as {@code print} shows it; what does not let itself be shown is an object. */
    String shown(Value value) {
        try {
            return prelude.getMember("shown").execute(value).asString();
        } catch (PolyglotException hidden) {
            return "an object";
        }
    }

    /** A JavaScript error that stands for a diagnostic, to be thrown into the script. */
    PolyglotException raise(Carried carried) {
        Diagnostic diagnostic = carried.diagnostic();
        try {
            ProxyArray meant = ProxyArray.fromArray(diagnostic.didYouMean().toArray());
            prelude.getMember("raise").executeVoid(message(diagnostic), diagnostic.code(), diagnostic.hint(), meant, carried);
            throw new IllegalStateException("raise came back");
        } catch (PolyglotException raised) {
            return raised;
        }
    }

    private static String message(Diagnostic diagnostic) {
        boolean meant = !diagnostic.didYouMean().isEmpty();
        return diagnostic.cause() + (meant ? "; did you mean " + String.join(", ", diagnostic.didYouMean()) + "?" : "");
    }

    /** What an error stands for; null if it is none of ours. */
    Carried carried(PolyglotException thrown) {
        if (!thrown.isGuestException() || thrown.getGuestObject() == null) {
            return null;
        }
        Value carried = prelude.getMember("carried").execute(thrown.getGuestObject());
        return carried.isHostObject() ? carried.asHostObject() : null;
    }

    /** Where the script stands that has called us. */
    Span here() {
        Diagnostic probe = Diagnostic.error("probe", Span.whole(""), "");
        return place(raise(new Carried(probe, Status.HELD)));
    }

    /** Where an error came from: in the script's own text. */
    static Span place(PolyglotException thrown) {
        SourceSection own = thrown.getSourceLocation();
        if (own != null && !own.getSource().isInternal()) {
            return span(own);
        }
        for (PolyglotException.StackFrame frame : thrown.getPolyglotStackTrace()) {
            SourceSection section = frame.getSourceLocation();
            if (frame.isGuestFrame() && section != null && !section.getSource().isInternal()) {
                return span(section);
            }
        }
        return Span.whole("");
    }

    private static Span span(SourceSection section) {
        Source source = section.getSource();
        int line = Math.min(section.getStartLine(), source.getLineCount());
        String text = line < 1 ? "" : source.getCharacters(line).toString();
        int length = section.getStartLine() == section.getEndLine() ? section.getCharLength() : text.length() - section.getStartColumn() + 1;
        return new Span(source.getName(), section.getStartLine(), section.getStartColumn(), length, text);
    }
}
