package dev.shootdown.js;

import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Span;
import java.util.List;

/**
 * What a script might look for and does not find, because it would reach out of the sandbox or would not be the same
 * in the next run.
 */
enum Absent {
    JAVA("a script cannot reach Java", "what there is to reach begins with machine({...})", "Java", "Packages", "Polyglot"),
    FILES("a script cannot read other files", "put it all into one file", "load", "loadWithNewGlobal", "require"),
    NETWORK("a script cannot reach the network", "", "fetch", "XMLHttpRequest", "WebSocket"),
    CLOCK("a script has no clock", "its run must be the same each time", "Date", "performance", "Temporal"),
    TIMERS("a script has no timers", "a machine moves by its statements alone", "setTimeout", "setInterval", "setImmediate"),
    CHANCE("a script has no random numbers", "for a choice that explore tries both ways, any(...) is there", "Math.random"),
    THREADS("a script has no threads of its own", "what is to run at once stands in a race", "Worker", "SharedArrayBuffer", "Atomics");

    /** Names that are taken away without a word: nobody would miss them. */
    static final List<String> GONE = List.of("java", "javafx", "javax", "com", "org", "edu", "Graal", "Intl", "WeakRef",
            "FinalizationRegistry", "printErr", "print", "console", "arguments");

    private final String cause;
    private final String hint;
    private final List<String> names;

    Absent(String cause, String hint, String... names) {
        this.cause = cause;
        this.hint = hint;
        this.names = List.of(names);
    }

    List<String> names() {
        return names;
    }

    /** What is said of it, to be given its place. */
    Diagnostic diagnostic() {
        return Diagnostic.error("outside-sandbox", Span.whole(""), cause).hint(hint);
    }

    /** The one that a global name belongs to. */
    static Absent named(String name) {
        for (Absent absent : values()) {
            if (absent.names.contains(name)) {
                return absent;
            }
        }
        throw new IllegalArgumentException(name);
    }
}
