package dev.shootdown.lang;

import dev.shootdown.check.Check;
import dev.shootdown.check.Checkers;
import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.tree.Operator;
import dev.shootdown.lang.value.Value;
import dev.shootdown.machine.Machine;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Works out expressions that were checked before, on a machine as it is now. Changes nothing. */
final class Evaluator {
    private final Machine machine;
    private final Map<String, Value> values;
    private final Choices choices;

    Evaluator(Machine machine, Map<String, Value> values, Choices choices) {
        this.machine = machine;
        this.values = values;
        this.choices = choices;
    }

    /** The same, with other values for some names: those of a probe's event. */
    Evaluator with(Map<String, Value> more) {
        Map<String, Value> all = new HashMap<>(values);
        all.putAll(more);
        return new Evaluator(machine, all, choices);
    }

    Value of(Expression expression) {
        return switch (expression) {
            case Expression.Number number -> Constant.literal(number);
            case Expression.Text text -> new Value.Text(text(text));
            case Expression.Name name -> name(name);
            case Expression.Member member -> member(member);
            case Expression.Index index -> index(index);
            case Expression.Between between -> between(number(between.start()), number(between.end()), "", between.at());
            case Expression.Extent extent -> extent(extent);
            case Expression.Call call -> call(call);
            case Expression.Any any -> any(any);
            case Expression.Constants constants -> new Value.Name(String.join("|", constants.names().stream().map(Object::toString).toList()));
            case Expression.ListOf list -> new Value.Several(list.elements().stream().map(this::of).toList());
            case Expression.Position position -> Value.Number.unsigned(position.number());
            case Expression.Unary unary -> unary(unary);
            case Expression.Binary binary -> binary(binary);
        };
    }

    /** A number where none below 0 can stand, unsigned; of a range its first address. */
    long number(Expression expression) {
        Value.Number number = signed(expression);
        if (number.negative()) {
            throw Arithmetic.belowZero(expression.at());
        }
        return number.value();
    }

    /** A number, which may be below 0. */
    Value.Number signed(Expression expression) {
        return switch (of(expression)) {
            case Value.Number number -> number;
            case Value.Range range -> new Value.Number(range.start(), true);
            case Value.Truth truth -> new Value.Number(truth.holds() ? 1 : 0);
            case Value.Text text -> throw wrong(expression, Type.TEXT);
            case Value.Name name -> throw wrong(expression, Type.WORD);
            case Value.Several several -> throw wrong(expression, Type.LIST);
        };
    }

    private static Refusal wrong(Expression expression, Type found) {
        return Inference.wrongKind(expression.at(), "a number", found);
    }

    /** Whether a condition holds. */
    boolean holds(Expression expression) {
        return switch (of(expression)) {
            case Value.Truth truth -> truth.holds();
            case Value.Number number -> number.value() != 0;
            default -> throw Inference.wrongKind(expression.at(), "a condition", Type.ANY);
        };
    }

    /** A range; a lone address stands for the page that holds it. */
    Value.Range range(Expression expression) {
        return switch (of(expression)) {
            case Value.Range range -> range;
            case Value.Number number when number.negative() -> throw Arithmetic.belowZero(expression.at());
            case Value.Number number -> page(number.value(), "");
            default -> throw Inference.wrongKind(expression.at(), "a range", Type.ANY);
        };
    }

    private static Value.Range page(long address, String process) {
        long start = address & -Pages.SIZE;
        return new Value.Range(start, start + Pages.SIZE, process);
    }

    private String text(Expression.Text text) {
        StringBuilder all = new StringBuilder();
        for (Expression.Part part : text.parts()) {
            switch (part) {
                case Expression.Literal literal -> all.append(literal.text());
                case Expression.Interpolation inner -> all.append(of(inner.value()).text());
            }
        }
        return all.toString();
    }

    private Value name(Expression.Name name) {
        Value known = values.get(name.text());
        if (known != null) {
            return known;
        }
        Optional<Check> check = Arrays.stream(Check.values()).filter(word -> word.word().equals(name.text())).findFirst();
        return check.isPresent() ? new Value.Truth(machine.world().part(Checkers.class).happened(check.get())) : new Value.Name(name.text());
    }

    // ---------------------------------------------------------------- ranges

    private static Value.Range between(long start, long end, String process, Span at) {
        if (Long.compareUnsigned(start, end) > 0) {
            throw new Refusal(Diagnostic.error("range-reversed", at, "this range ends before it begins"));
        }
        return new Value.Range(start, end, process);
    }

    private Value extent(Expression.Extent extent) {
        long start = extent.start().map(this::number).orElse(0L);
        long length = number(extent.length());
        if (Inference.overflows(start, length)) {
            throw new Refusal(Diagnostic.error("range-past-end", extent.at(),
                    "this range goes past the end of the address space"));
        }
        return new Value.Range(start, start + length);
    }

    private Value index(Expression.Index index) {
        if (index.of() instanceof Expression.Member member && member.name().text().equals("pte")) {
            return entry(range(member.of()), number(index.inside()), index.inside().at());
        }
        Value.Range whole = range(index.of());
        Value.Range part = switch (index.inside()) {
            case Expression.Between between -> between(number(between.start()), number(between.end()), "", between.at());
            case Expression.Extent extent -> (Value.Range) extent(extent);
            case Expression other -> of(other) instanceof Value.Range range ? range : page(number(other), "");
        };
        boolean page = !(index.inside() instanceof Expression.Between) && !(index.inside() instanceof Expression.Extent);
        long needed = page ? part.start() + 1 : part.end();
        if (Long.compareUnsigned(needed, whole.length()) > 0) {
            throw Inference.outside(index.at(), whole.length());
        }
        return page ? page(whole.start() + part.start(), whole.process())
                : new Value.Range(whole.start() + part.start(), whole.start() + part.end(), whole.process());
    }

    private Value entry(Value.Range range, long page, Span at) {
        long address = range.start() + page * Pages.SIZE;
        if (!range.contains(address)) {
            throw Inference.outside(at, range.length());
        }
        return new Value.Number(Facts.entry(machine, range, address), true);
    }

    // ---------------------------------------------------------------- properties, functions, choices

    private Value member(Expression.Member member) {
        String property = member.name().text();
        if (member.of() instanceof Expression.Name name && !values.containsKey(name.text())) {
            return Facts.of(machine, name.text(), property);
        }
        if (member.of() instanceof Expression.Member thread && thread.of() instanceof Expression.Name process && !values.containsKey(process.text())) {
            return Facts.ofThread(machine, process.text() + "." + thread.name().text());
        }
        return Facts.of(machine, range(member.of()), property);
    }

    private Value call(Expression.Call call) {
        Expression argument = call.arguments().getFirst();
        return switch (call.function()) {
            case Expression.Name name when name.text().equals("count") ->
                new Value.Number(machine.world().part(EventCounts.class).count(Inference.event(argument)));
            case Expression.Name mapped -> new Value.Truth(Facts.mapped(machine, of(argument)));
            default -> new Value.Number(Facts.entries(machine, ((Expression.Name) argument).text()));
        };
    }

    private Value any(Expression.Any any) {
        List<Expression> written = any.choices();
        Value first = of(written.getFirst());
        boolean pieces = written.size() == 2 && first instanceof Value.Range && of(written.getLast()) instanceof Value.Number;
        if (!pieces) {
            return of(written.get(choices.take(written.size())));
        }
        List<Value> all = Pieces.of((Value.Range) first, number(written.getLast()), any.at());
        return all.get(choices.take(all.size()));
    }

    // ---------------------------------------------------------------- operators

    private Value unary(Expression.Unary unary) {
        return unary.operator() == Operator.NOT ? new Value.Truth(!holds(unary.operand()))
                : Arithmetic.compute(Operator.MINUS, new Value.Number(0), signed(unary.operand()), unary.operand().at());
    }

    /** Both sides are looked at, so that what is read depends on no value; but what one side rules out cannot fail on the other. */
    private boolean both(Expression.Binary binary, boolean decides) {
        boolean left = holds(binary.left());
        try {
            boolean right = holds(binary.right());
            return left == decides ? decides : right;
        } catch (Refusal failure) {
            if (left == decides) {
                return decides;
            }
            throw failure;
        }
    }

    private Value binary(Expression.Binary binary) {
        return switch (binary.operator()) {
            case AND -> new Value.Truth(both(binary, false));
            case OR -> new Value.Truth(both(binary, true));
            case OVERLAPS -> new Value.Truth(range(binary.left()).overlaps(range(binary.right())));
            case IN -> new Value.Truth(in(binary));
            case EQUAL, UNEQUAL -> new Value.Truth(equal(of(binary.left()), of(binary.right())) == (binary.operator() == Operator.EQUAL));
            case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
                new Value.Truth(Arithmetic.compare(binary.operator(), signed(binary.left()), signed(binary.right())));
            case BIT_OR, BIT_AND, SHIFT_LEFT, SHIFT_RIGHT, PLUS, MINUS, TIMES, DIVIDE, REMAINDER, NOT ->
                Arithmetic.compute(binary.operator(), signed(binary.left()), signed(binary.right()), binary.right().at());
        };
    }

    private boolean in(Expression.Binary binary) {
        Value.Range range = range(binary.right());
        return switch (of(binary.left())) {
            case Value.Range inner -> range.contains(inner.start()) && Long.compareUnsigned(inner.end(), range.end()) <= 0;
            default -> {
                Value.Number number = signed(binary.left());
                yield !number.negative() && range.contains(number.value());
            }
        };
    }

    private static boolean equal(Value left, Value right) {
        return switch (left) {
            case Value.Number number -> right instanceof Value.Number other && Arithmetic.compare(Operator.EQUAL, number, other);
            case Value.Range range -> right instanceof Value.Range other && range.start() == other.start() && range.end() == other.end();
            case Value.Text text -> text.text().equals(right.text());
            case Value.Name name -> name.text().equals(right.text());
            case Value.Truth truth -> truth.equals(right);
            case Value.Several several -> several.equals(right);
        };
    }
}
