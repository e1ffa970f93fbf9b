package dev.shootdown.lang.tree;

import dev.shootdown.vocabulary.Span;
import java.util.List;
import java.util.Optional;

/** Whatever has a value. In an argument only {@link Binary} and {@link Unary} need parentheses, which leave no trace here. */
public sealed interface Expression extends Node {
    /**
     * A number, unsigned in 64 bits, in its unit's base: bytes, or microseconds, or neither.
     *
     * @param written as in the source, {@code 0x10}, {@code 4K}, {@code 1_000}
     */
    record Number(long value, Unit unit, String written, Span at) implements Expression {}

    /** A string. */
    record Text(List<Part> parts, Span at) implements Expression {
        public Text {
            parts = List.copyOf(parts);
        }

        /** The string itself, if it has no {@code ${...}} in it. */
        public Optional<String> constant() {
            return switch (parts.size()) {
                case 0 -> Optional.of("");
                case 1 -> parts.getFirst() instanceof Literal literal ? Optional.of(literal.text()) : Optional.empty();
                default -> Optional.empty();
            };
        }
    }

    /** A part of a string. */
    sealed interface Part {}

    /** Characters, escapes resolved; {@code \xNN} is the character U+00NN. Never empty, never two in a row. */
    record Literal(String text) implements Part {}

    /** {@code ${...}}. */
    record Interpolation(Expression value) implements Part {}

    /** A bare word: a name, a flag, or a word that its verb knows. */
    record Name(String text, Span at) implements Expression {}

    /** {@code gpu.state}, {@code app.main}, {@code buf.start}. */
    record Member(Expression of, Identifier name, Span at) implements Expression {}

    /** {@code buf[8K]}, {@code buf.pte[3]}; a part, {@code buf[0..64K]} or {@code buf[8K +4K]}, has a {@link Between} or an {@link Extent} inside. */
    record Index(Expression of, Expression inside, Span at) implements Expression {}

    /** {@code a..b}, half-open. */
    record Between(Expression start, Expression end, Span at) implements Expression {}

    /** {@code a +len}; without a start, {@code +len} from the beginning, only inside {@code [ ]}. */
    record Extent(Optional<Expression> start, Expression length, Span at) implements Expression {}

    /** {@code count(notify_start)}, {@code iotlb.entries(gpu)}: the function is a {@link Name} or a {@link Member}. */
    record Call(Expression function, List<Expression> arguments, Span at) implements Expression {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /** {@code any(1, 2, 3)}: a free choice. */
    record Any(List<Expression> choices, Span at) implements Expression {
        public Any {
            choices = List.copyOf(choices);
        }
    }

    /** Kernel constants joined by {@code |}: two or more. A single one is a {@link Name}. */
    record Constants(List<Identifier> names, Span at) implements Expression {
        public Constants {
            names = List.copyOf(names);
        }
    }

    /** {@code [a, b]}, as an option's value. */
    record ListOf(List<Expression> elements, Span at) implements Expression {
        public ListOf {
            elements = List.copyOf(elements);
        }
    }

    /** {@code #42}: a numbered position of the trace. */
    record Position(long number, Span at) implements Expression {}

    record Unary(Operator operator, Expression operand, Span at) implements Expression {}

    record Binary(Operator operator, Expression left, Expression right, Span at) implements Expression {}
}
