package dev.shootdown.lang;

import dev.shootdown.lang.tree.Operator;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;

/** Operators over unsigned numbers of 64 bits. */
final class Arithmetic {
    private Arithmetic() {}

    /** Whether its result is a number. */
    static boolean isArithmetic(Operator operator) {
        return switch (operator) {
            case PLUS, MINUS, TIMES, DIVIDE, REMAINDER, BIT_OR, BIT_AND, SHIFT_LEFT, SHIFT_RIGHT -> true;
            case OR, AND, EQUAL, UNEQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, OVERLAPS, IN, NOT -> false;
        };
    }

    /** @param right where the right operand stands, should it be a zero to divide by */
    static long compute(Operator operator, long a, long b, Span right) {
        return switch (operator) {
            case PLUS -> a + b;
            case MINUS -> a - b;
            case TIMES -> a * b;
            case DIVIDE -> Long.divideUnsigned(a, divisor(b, right));
            case REMAINDER -> Long.remainderUnsigned(a, divisor(b, right));
            case BIT_OR -> a | b;
            case BIT_AND -> a & b;
            case SHIFT_LEFT -> Long.compareUnsigned(b, 63) > 0 ? 0 : a << b;
            case SHIFT_RIGHT -> Long.compareUnsigned(b, 63) > 0 ? 0 : a >>> b;
            case OR, AND, EQUAL, UNEQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, OVERLAPS, IN, NOT ->
                throw new IllegalArgumentException(operator.written());
        };
    }

    private static long divisor(long b, Span at) {
        if (b == 0) {
            throw new Refusal(Diagnostic.error("division-by-zero", at, "this divides by zero"));
        }
        return b;
    }

    /** A comparison of two numbers. */
    static boolean compare(Operator operator, long a, long b) {
        int order = Long.compareUnsigned(a, b);
        return switch (operator) {
            case EQUAL -> order == 0;
            case UNEQUAL -> order != 0;
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
            case OR, AND, OVERLAPS, IN, BIT_OR, BIT_AND, SHIFT_LEFT, SHIFT_RIGHT, PLUS, MINUS, TIMES, DIVIDE, REMAINDER, NOT ->
                throw new IllegalArgumentException(operator.written());
        };
    }
}
