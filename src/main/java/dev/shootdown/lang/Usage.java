package dev.shootdown.lang;

import dev.shootdown.vocabulary.Parameter;
import dev.shootdown.vocabulary.Word;
import java.util.StringJoiner;

/** A word with what stands behind it, as hints and help show it: {@code mprotect R PROT}. */
final class Usage {
    private Usage() {}

    static String of(Word word) {
        StringJoiner line = new StringJoiner(" ").add(word.name());
        for (Parameter parameter : word.parameters()) {
            String written = switch (parameter.shape()) {
                case PLACE, FLAG -> parameter.name();
                case OPTION -> parameter.name() + "=";
            };
            line.add(parameter.needed() ? written : "[" + written + "]");
        }
        return line.toString();
    }
}
