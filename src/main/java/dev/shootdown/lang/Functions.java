package dev.shootdown.lang;

import dev.shootdown.lang.tree.Expression;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Suggestion;
import java.util.List;

/** What is called with an argument in parentheses, and what is said where it is called otherwise. */
final class Functions {
    private static final List<String> NAMES = List.of("count", "mapped", "iotlb.entries", "any");
    private static final List<String> WRITTEN = List.of("count(EVENT)", "mapped(ADDR)", "iotlb.entries(DEVICE)");

    private Functions() {}

    /** How a function is written whose name stands alone; nothing where it is none's. */
    static String hint(String name) {
        return WRITTEN.stream()
                .filter(written -> written.startsWith(name + "(") || written.startsWith(name + "."))
                .map(written -> "it is written: " + written)
                .findFirst()
                .orElse("");
    }

    static Refusal unknown(Expression.Call call, String function) {
        return new Refusal(Diagnostic.error("unknown-function", call.function().at(), "there is no function " + Quoting.quote(function))
                .hint("there are " + String.join(", ", WRITTEN.subList(0, WRITTEN.size() - 1)) + " and " + WRITTEN.getLast())
                .didYouMean(Suggestion.nearest(function, NAMES)));
    }
}
