package dev.shootdown.js;

import dev.shootdown.lang.Status;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import java.util.Optional;
import org.graalvm.polyglot.PolyglotException;

/**
 * How a script ended that did not end by itself.
 *
 * @param diagnostic what there is to say; nothing of a script that was interrupted
 * @param status     how the run ends
 */
record Mistake(Optional<Diagnostic> diagnostic, Status status) {
    /**
     * Reads it off what was thrown.
     *
     * @throws RuntimeException what was thrown by this program and not by the script
     */
    static Mistake of(Sandbox sandbox, PolyglotException thrown) {
        if (thrown.isInterrupted()) {
            return new Mistake(Optional.empty(), Status.INTERRUPTED);
        }
        if (thrown.isCancelled() || thrown.isResourceExhausted()) {
            return new Mistake(Optional.of(limit(thrown)), Status.BOUND);
        }
        if (thrown.isHostException()) {
            return host(thrown);
        }
        if (thrown.isInternalError()) {
            throw thrown;
        }
        Carried carried = sandbox.carried(thrown);
        if (carried != null) {
            return new Mistake(Optional.of(carried.diagnostic()).map(said -> placed(said, thrown)), carried.status());
        }
        return thrown.isSyntaxError() ? syntax(thrown) : error(sandbox, thrown);
    }

    /** The same as a refusal, for those who know no other way to end. */
    Refusal refusal() {
        return new Refusal(diagnostic.orElseGet(() -> Diagnostic.error("interrupted", Span.whole(""), "the script was interrupted")));
    }

    private static Mistake host(PolyglotException thrown) {
        return switch (thrown.asHostException()) {
            case Conversation.Stopped stopped -> new Mistake(Optional.empty(), Status.INTERRUPTED);
            case Refusal refusal -> refused(placed(refusal.diagnostic(), thrown));
            case RuntimeException failure -> throw failure;
            case Error failure -> throw failure;
            case Throwable failure -> throw new IllegalStateException(failure);
        };
    }

    private static Mistake refused(Diagnostic diagnostic) {
        return new Mistake(Optional.of(diagnostic), Status.REFUSED);
    }

    /** A diagnostic that has a place in the script already keeps it. */
    private static Diagnostic placed(Diagnostic diagnostic, PolyglotException thrown) {
        return diagnostic.span().line() > 0 ? diagnostic : diagnostic.at(Sandbox.place(thrown));
    }

    private static Diagnostic limit(PolyglotException thrown) {
        Span place = Sandbox.place(thrown);
        if (thrown.getMessage() != null && thrown.getMessage().startsWith("Statement count limit")) {
            return Diagnostic.error("statement-limit", place, "the script was stopped because it did not come to an end")
                    .hint("is there a loop that never ends?");
        }
        return Diagnostic.error("memory-limit", place, "the script was stopped because it filled the memory")
                .hint("is there a list that only grows?");
    }

    private static Mistake syntax(PolyglotException thrown) {
        String message = thrown.getMessage().lines().findFirst().orElse("");
        if (message.contains("found import") || message.contains("found export")) {
            return refused(Absent.FILES.diagnostic().at(Sandbox.place(thrown)));
        }
        String cause = message.replaceFirst("^(SyntaxError: )?(.*?:\\d+:\\d+ )?", "");
        return refused(Diagnostic.error("syntax", Sandbox.place(thrown), lower(cause)));
    }

    private static Mistake error(Sandbox sandbox, PolyglotException thrown) {
        String message = thrown.getMessage() == null ? "" : thrown.getMessage();
        if (message.contains("Operation is not allowed for")) {
            return refused(Absent.FILES.diagnostic().at(Sandbox.place(thrown)));
        }
        if (message.startsWith("AggregateError: Unhandled promise rejections")) {
            return rejected(sandbox, thrown);
        }
        boolean isError = thrown.getGuestObject() != null && thrown.getGuestObject().hasMember("stack");
        String line = message.lines().findFirst().orElse("");
        String cause = isError ? line : "the script threw " + sandbox.shown(thrown.getGuestObject());
        Diagnostic diagnostic = Diagnostic.error("script-error", Sandbox.place(thrown), cause);
        boolean deep = line.contains("Maximum call stack size exceeded");
        return new Mistake(Optional.of(deep ? diagnostic.hint("is there a function that calls itself without end?") : diagnostic), Status.FAILED);
    }

    /** Of the promises that nobody handled the first one counts: the others may be its consequence. */
    private static Mistake rejected(Sandbox sandbox, PolyglotException thrown) {
        try {
            throw thrown.getGuestObject().getMember("errors").getArrayElement(0).throwException();
        } catch (PolyglotException first) {
            return of(sandbox, first);
        }
    }

    private static String lower(String sentence) {
        return sentence.isEmpty() ? "this is no JavaScript" : Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1);
    }
}
