package dev.shootdown.lang;

import dev.shootdown.lang.tree.Expression;
import java.util.Map;

/**
 * Which parameter of a word each written argument is for.
 *
 * @param values by the names of the parameters; a flag that is there has its own word
 */
record Binding(Map<String, Expression> values) {
    Binding {
        values = Map.copyOf(values);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** What was written for a parameter, or null. */
    Expression get(String name) {
        return values.get(name);
    }
}
