package dev.shootdown.lang;

import dev.shootdown.lang.tree.Identifier;
import dev.shootdown.sim.Outcome;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Errno;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Signal;
import dev.shootdown.vocabulary.Suggestion;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Names of errnos, of signals and of their codes, as {@code expect} takes them. */
final class Codes {
    private Codes() {}

    static List<String> all() {
        return Stream.concat(
                        Arrays.stream(Errno.values()).map(Enum::name),
                        Arrays.stream(Signal.values()).flatMap(signal -> Stream.of(signal.signal(), signal.code())))
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
    }

    static void check(Identifier code) {
        if (!all().contains(code.text())) {
            throw new Refusal(Diagnostic.error("unknown-errno", code.at(),
                    Quoting.quote(code.text()) + " is neither an errno nor a signal")
                    .didYouMean(Suggestion.nearest(code.text(), all())));
        }
    }

    /** Whether a call ended as these codes say: one errno, or a signal, or a signal with its code. */
    static boolean match(List<Identifier> codes, long outcome) {
        Errno errno = Outcome.errno(outcome);
        Signal signal = Outcome.signal(outcome);
        return codes.stream().map(Identifier::text).allMatch(code ->
                errno != null && errno.name().equals(code)
                        || signal != null && (signal.signal().equals(code) || signal.code().equals(code)));
    }

    /** An outcome in words: {@code EINVAL}, {@code SIGSEGV MAPERR}; {@code success}. */
    static String text(long outcome) {
        Errno errno = Outcome.errno(outcome);
        Signal signal = Outcome.signal(outcome);
        if (errno != null) {
            return errno.name();
        }
        return signal != null ? (signal.signal() + " " + signal.code()).trim() : "success";
    }
}
