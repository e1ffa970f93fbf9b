package dev.shootdown.lang.tree;

import dev.shootdown.vocabulary.Span;
import java.util.List;
import java.util.Optional;

/**
 * A verb with its arguments.
 *
 * @param stops   what runs in the middle of it: {@code at EVENT { ... }}
 * @param when    the call is made only if this holds
 * @param written the arguments as the user wrote them, on one line, without {@code at} and {@code when}
 */
public record VerbCall(
        Identifier verb, List<Argument> arguments, List<Stop> stops, Optional<Expression> when, String written, Span at)
        implements Node {
    public VerbCall {
        arguments = List.copyOf(arguments);
        stops = List.copyOf(stops);
    }

    /** {@code at EVENT { ... }}: the block runs right after the event, before any callback that it leads to. */
    public record Stop(Identifier event, List<Statement> body, Span at) implements Node {
        public Stop {
            body = List.copyOf(body);
        }
    }
}
