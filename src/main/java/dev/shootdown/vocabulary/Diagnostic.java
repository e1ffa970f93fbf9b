package dev.shootdown.vocabulary;

import java.util.List;

/**
 * What is wrong with an input, as a value. Printing it is somebody else's work, and tests compare
 * its parts, not its printed form.
 *
 * @param code       short and stable, lower case with dashes: {@code unknown-verb}
 * @param severity   whether the input was refused
 * @param span       where
 * @param cause      one sentence, without a full stop, saying what is wrong
 * @param hint       one sentence saying what to do; empty where there is nothing to add
 * @param didYouMean words that may have been meant, the likeliest first
 */
public record Diagnostic(String code, Severity severity, Span span, String cause, String hint, List<String> didYouMean) {
    public Diagnostic {
        didYouMean = List.copyOf(didYouMean);
    }

    public static Diagnostic error(String code, Span span, String cause) {
        return new Diagnostic(code, Severity.ERROR, span, cause, "", List.of());
    }

    public static Diagnostic warning(String code, Span span, String cause) {
        return new Diagnostic(code, Severity.WARNING, span, cause, "", List.of());
    }

    public Diagnostic hint(String sentence) {
        return new Diagnostic(code, severity, span, cause, sentence, didYouMean);
    }

    public Diagnostic didYouMean(List<String> words) {
        return new Diagnostic(code, severity, span, cause, hint, words);
    }

    public Diagnostic at(Span place) {
        return new Diagnostic(code, severity, place, cause, hint, didYouMean);
    }
}
