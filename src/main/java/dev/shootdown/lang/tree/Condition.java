package dev.shootdown.lang.tree;

import dev.shootdown.vocabulary.Span;
import java.util.List;
import java.util.Optional;

/** What is claimed, or asked. */
public sealed interface Condition extends Statement {
    /** The whole condition as written, on one line: {@code forbid use_after_free}. */
    String written();

    /** {@code maximum} and {@code minimum} are questions: their expression is a number. */
    enum Quantifier { FORBID, ALWAYS, EXPECT, EXISTS, MAXIMUM, MINIMUM }

    record Quantified(Quantifier quantifier, Expression expression, String written, Span at) implements Condition {}

    /**
     * {@code expect ERRNO ACTOR: verb ...}.
     *
     * @param codes an errno, or a signal with its code ({@code SIGSEGV MAPERR}); at least one
     */
    record ExpectFailure(List<Identifier> codes, Optional<Identifier> actor, VerbCall call, String written, Span at)
            implements Condition {
        public ExpectFailure {
            codes = List.copyOf(codes);
        }
    }

    /** {@code expect trace ACTOR: verb ... { EVENT; EVENT }}: these events in this order; others may stand between. */
    record ExpectTrace(Optional<Identifier> actor, VerbCall call, List<Emitted> events, String written, Span at)
            implements Condition {
        public ExpectTrace {
            events = List.copyOf(events);
        }
    }

    /** An event that is expected, with the fields that must agree: {@code notify_start reason=UNMAP}. */
    record Emitted(Identifier event, List<Argument> fields, Span at) implements Node {
        public Emitted {
            fields = List.copyOf(fields);
        }
    }
}
