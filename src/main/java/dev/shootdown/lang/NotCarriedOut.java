package dev.shootdown.lang;

import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Span;

/** Words that are known, parsed and checked, and that nothing is behind yet. */
final class NotCarriedOut {
    static final String CODE = "not-carried-out";

    private NotCarriedOut() {}

    static Diagnostic of(String what, Span at) {
        return Diagnostic.error(CODE, at, what + " is not carried out yet");
    }
}
