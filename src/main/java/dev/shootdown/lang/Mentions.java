package dev.shootdown.lang;

import dev.shootdown.lang.tree.Argument;
import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.tree.VerbCall;
import java.util.LinkedHashSet;
import java.util.Set;

/** The names that stand in expressions. */
final class Mentions {
    private Mentions() {}

    static Set<String> in(Expression expression) {
        Set<String> names = new LinkedHashSet<>();
        collect(expression, names);
        return names;
    }

    /** Those in a call's arguments. */
    static Set<String> in(VerbCall call) {
        Set<String> names = new LinkedHashSet<>();
        for (Argument argument : call.arguments()) {
            collect(argument.value(), names);
        }
        return names;
    }

    private static void collect(Expression expression, Set<String> names) {
        switch (expression) {
            case Expression.Name name -> names.add(name.text());
            case Expression.Any any -> any.choices().forEach(choice -> collect(choice, names));
            case Expression.Index index -> {
                collect(index.of(), names);
                collect(index.inside(), names);
            }
            case Expression.Between between -> {
                collect(between.start(), names);
                collect(between.end(), names);
            }
            case Expression.Extent extent -> {
                extent.start().ifPresent(start -> collect(start, names));
                collect(extent.length(), names);
            }
            case Expression.Member member -> collect(member.of(), names);
            case Expression.Call call -> call.arguments().forEach(argument -> collect(argument, names));
            case Expression.ListOf list -> list.elements().forEach(element -> collect(element, names));
            case Expression.Unary unary -> collect(unary.operand(), names);
            case Expression.Binary binary -> {
                collect(binary.left(), names);
                collect(binary.right(), names);
            }
            case Expression.Text text -> text.parts().forEach(part -> {
                if (part instanceof Expression.Interpolation inner) {
                    collect(inner.value(), names);
                }
            });
            case Expression.Number number -> { }
            case Expression.Constants constants -> { }
            case Expression.Position position -> { }
        }
    }
}
