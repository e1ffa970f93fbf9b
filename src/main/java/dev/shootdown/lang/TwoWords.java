package dev.shootdown.lang;

import dev.shootdown.lang.tree.Argument;
import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.tree.VerbCall;

/** Verbs that are two words, {@code dma write}: to the parser the second one is an argument. */
final class TwoWords {
    private TwoWords() {}

    /** The verb with the bare word behind it; the verb alone where there is none. */
    static String of(VerbCall call) {
        boolean second = !call.arguments().isEmpty()
                && call.arguments().getFirst() instanceof Argument.Positional positional
                && positional.value() instanceof Expression.Name;
        return second ? call.verb().text() + " " + ((Expression.Name) ((Argument.Positional) call.arguments().getFirst()).value()).text()
                : call.verb().text();
    }
}
