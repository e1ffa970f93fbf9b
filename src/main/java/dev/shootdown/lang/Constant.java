package dev.shootdown.lang;

import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.tree.Operator;
import dev.shootdown.lang.value.Value;
import java.util.OptionalLong;

/** Numbers that are known before a script runs. */
final class Constant {
    private Constant() {}

    /** The value of an expression that consists of numbers alone, where none below 0 can stand. */
    static OptionalLong of(Expression expression) {
        Value.Number number = number(expression);
        if (number == null) {
            return OptionalLong.empty();
        }
        if (number.negative()) {
            throw Arithmetic.belowZero(expression.at());
        }
        return OptionalLong.of(number.value());
    }

    /** The same, below 0 too; null where it is not known. */
    static Value.Number number(Expression expression) {
        return switch (expression) {
            case Expression.Number number -> literal(number);
            case Expression.Binary binary when Arithmetic.isArithmetic(binary.operator()) ->
                compute(binary.operator(), number(binary.left()), binary.right());
            case Expression.Unary unary when unary.operator() == Operator.MINUS -> compute(Operator.MINUS, new Value.Number(0), unary.operand());
            default -> null;
        };
    }

    private static Value.Number compute(Operator operator, Value.Number left, Expression right) {
        Value.Number known = number(right);
        return left == null || known == null ? null : Arithmetic.compute(operator, left, known, right.at());
    }

    /** As it is written: hexadecimal stays so. */
    static Value.Number literal(Expression.Number number) {
        return new Value.Number(number.value(), number.written().startsWith("0x") || number.value() < 0);
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
