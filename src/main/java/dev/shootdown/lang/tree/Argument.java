package dev.shootdown.lang.tree;

import dev.shootdown.vocabulary.Span;

/** What stands behind a verb, or in the braces of a declaration. */
public sealed interface Argument extends Node {
    /** The value, of either kind. */
    Expression value();

    /** A value, or a flag: a bare word is an {@link Expression.Name} here, and what it is, its verb says. */
    record Positional(Expression value) implements Argument {
        @Override
        public Span at() {
            return value.at();
        }
    }

    /** {@code key=value}. */
    record Option(Identifier key, Expression value, Span at) implements Argument {}
}
