package dev.shootdown.lang.tree;

import dev.shootdown.vocabulary.Span;

/**
 * A word with its place: a name being declared or referred to, a verb, the key of an option. An actor,
 * an event or a point may be dotted ({@code app.main}); its text then has no spaces round the dots.
 */
public record Identifier(String text, Span at) implements Node {
    @Override
    public String toString() {
        return text;
    }
}
