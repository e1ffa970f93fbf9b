package dev.shootdown.lang.tree;

import dev.shootdown.vocabulary.Span;
import java.util.List;

/** A whole text: a file, the argument of {@code -e}, or one input of the REPL. */
public record Script(List<Statement> statements, Span at) implements Node {
    public Script {
        statements = List.copyOf(statements);
    }
}
