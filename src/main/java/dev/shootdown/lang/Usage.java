package dev.shootdown.lang;

import dev.shootdown.vocabulary.Parameter;
import dev.shootdown.vocabulary.Word;
import java.util.Map;
import java.util.StringJoiner;

/** A word with what stands behind it, as hints and help show it: {@code mprotect R PROT}. */
final class Usage {
    /** Declarations name things before their options. */
    private static final Map<String, String> FORMS = Map.of("iommu", "iommu NAME", "device", "device NAME behind IOMMU", "process",
            "process NAME", "file", "file NAME", "bind", "bind DEVICE to PROCESS", "run", "run SCENARIO", "explore", "explore SCENARIO");

    private Usage() {}

    static String of(Word word) {
        StringJoiner line = new StringJoiner(" ").add(FORMS.getOrDefault(word.name(), word.name()));
        for (Parameter parameter : word.parameters()) {
            String written = switch (parameter.shape()) {
                case PLACE, FLAG -> parameter.kind() == Parameter.Kind.NAMES ? parameter.name() + ".." : parameter.name();
                case OPTION -> parameter.name() + "=";
            };
            line.add(parameter.needed() ? written : "[" + written + "]");
        }
        return line.toString();
    }
}
