package dev.shootdown.lang;

import dev.shootdown.lang.tree.Expression;
import java.util.OptionalLong;

/** Numbers that are known before a script runs. */
final class Constant {
    private Constant() {}

    /** The value of an expression that consists of numbers alone. */
    static OptionalLong of(Expression expression) {
        return switch (expression) {
            case Expression.Number number -> OptionalLong.of(number.value());
            case Expression.Binary binary -> binary(binary);
            default -> OptionalLong.empty();
        };
    }

    private static OptionalLong binary(Expression.Binary binary) {
        OptionalLong left = of(binary.left());
        OptionalLong right = of(binary.right());
        if (left.isEmpty() || right.isEmpty() || !Arithmetic.isArithmetic(binary.operator())) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Arithmetic.compute(binary.operator(), left.getAsLong(), right.getAsLong(), binary.right().at()));
    }

    /** The length of a range whose ends are known, or -1. */
    static long length(Expression expression) {
        return switch (expression) {
            case Expression.Between between -> {
                OptionalLong start = of(between.start());
                OptionalLong end = of(between.end());
                yield start.isPresent() && end.isPresent() ? end.getAsLong() - start.getAsLong() : -1;
            }
            case Expression.Extent extent -> of(extent.length()).orElse(-1);
            default -> -1;
        };
    }
}
