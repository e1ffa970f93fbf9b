package dev.shootdown.lang;

import dev.shootdown.lang.tree.Operator;
import dev.shootdown.lang.value.Value;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import java.math.BigInteger;

/** Operators over whole numbers: what they come to is exact, or refused where 64 bits do not hold it. */
final class Arithmetic {
    private static final int BITS = 64;

    private Arithmetic() {}

    /** Whether its result is a number. */
    static boolean isArithmetic(Operator operator) {
        return switch (operator) {
            case PLUS, MINUS, TIMES, DIVIDE, REMAINDER, BIT_OR, BIT_AND, SHIFT_LEFT, SHIFT_RIGHT -> true;
            case OR, AND, EQUAL, UNEQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, OVERLAPS, IN, NOT -> false;
        };
    }

    /** @param right where the right operand stands, should the result be none: a division by zero, more than 64 bits */
    static Value.Number compute(Operator operator, Value.Number a, Value.Number b, Span right) {
        BigInteger exact = exact(operator, big(a), big(b), right);
        if (exact.bitLength() > (exact.signum() < 0 ? BITS - 1 : BITS)) {
            throw new Refusal(Diagnostic.error("too-large", right, "this comes to more than 64 bits hold"));
        }
        return exact.signum() < 0 ? new Value.Number(exact.longValue()) : Value.Number.unsigned(exact.longValue());
    }

    private static BigInteger exact(Operator operator, BigInteger a, BigInteger b, Span right) {
        return switch (operator) {
            case PLUS -> a.add(b);
            case MINUS -> a.subtract(b);
            case TIMES -> a.multiply(b);
            case DIVIDE -> a.divide(divisor(b, right));
            case REMAINDER -> a.remainder(divisor(b, right));
            case BIT_OR -> a.or(b);
            case BIT_AND -> a.and(b);
            case SHIFT_LEFT -> a.shiftLeft(places(b, right));
            case SHIFT_RIGHT -> a.shiftRight(places(b, right));
            case OR, AND, EQUAL, UNEQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, OVERLAPS, IN, NOT ->
                throw new IllegalArgumentException(operator.written());
        };
    }

    private static BigInteger big(Value.Number number) {
        BigInteger signed = BigInteger.valueOf(number.value());
        return number.value() < 0 && !number.negative() ? signed.add(BigInteger.TWO.pow(BITS)) : signed;
    }

    private static BigInteger divisor(BigInteger b, Span at) {
        if (b.signum() == 0) {
            throw new Refusal(Diagnostic.error("division-by-zero", at, "this divides by zero"));
        }
        return b;
    }

    /** Shifting further than by all bits changes nothing more. */
    private static int places(BigInteger b, Span at) {
        if (b.signum() < 0) {
            throw belowZero(at);
        }
        return b.min(BigInteger.valueOf(2 * BITS)).intValue();
    }

    /** A number below 0 where there can be none: a size, an address, how often. */
    static Refusal belowZero(Span at) {
        return new Refusal(Diagnostic.error("below-zero", at, "this is below 0, which no size, address or count here can be"));
    }

    /** A comparison of two numbers. */
    static boolean compare(Operator operator, Value.Number a, Value.Number b) {
        int order = a.negative() == b.negative() ? Long.compareUnsigned(a.value(), b.value()) : a.negative() ? -1 : 1;
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
