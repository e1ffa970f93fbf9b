package dev.shootdown.lang;

import dev.shootdown.driver.Action;
import dev.shootdown.driver.Term;
import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.tree.Identifier;
import dev.shootdown.lang.tree.Operator;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Suggestion;
import java.util.List;

/** Numbers and ranges in a driver: over its callback's range, which has a name there, and its counters. */
final class Terms {
    private static final List<String> PROPERTIES = List.of("start", "end", "size", "pages", "blockable");
    private static final List<String> OF_FAULTS = List.of("start", "end", "size", "pages", "changed");

    private final String range;
    private final List<String> properties;

    /**
     * @param range what the callback calls its range; empty where it gives it no name
     * @param fault whether the callback is that of a device's fault
     */
    Terms(String range, boolean fault) {
        this.range = range;
        this.properties = fault ? OF_FAULTS : PROPERTIES;
    }

    Term of(Expression expression) {
        return switch (expression) {
            case Expression.Number number -> new Term.Number(number.value());
            case Expression.Name name when name.text().equals(range) -> throw wrong(expression, "a number");
            case Expression.Name name -> new Term.Counter(name.text());
            case Expression.Member member when isRange(member.of()) -> new Term.Of(property(member.name()));
            case Expression.Unary unary when unary.operator() == Operator.NOT ->
                new Term.Compute(Term.Operator.EQUAL, of(unary.operand()), new Term.Number(0));
            case Expression.Unary unary -> new Term.Compute(Term.Operator.SUBTRACT, new Term.Number(0), of(unary.operand()));
            case Expression.Binary binary -> compute(binary);
            default -> throw wrong(expression, "a number of the range or of a counter");
        };
    }

    private boolean isRange(Expression expression) {
        return !range.isEmpty() && DriverCompiler.isName(expression, range);
    }

    private Term.Property property(Identifier name) {
        if (!properties.contains(name.text())) {
            throw new Refusal(Diagnostic.error("unknown-property", name.at(),
                    "a range has no property " + Quoting.quote(name.text()))
                    .hint("it has " + String.join(", ", properties))
                    .didYouMean(Suggestion.nearest(name.text(), properties)));
        }
        return Term.Property.valueOf(name.text().toUpperCase(java.util.Locale.ROOT));
    }

    private Term compute(Expression.Binary binary) {
        Term left = of(binary.left());
        Term right = of(binary.right());
        return switch (binary.operator()) {
            case PLUS -> new Term.Compute(Term.Operator.ADD, left, right);
            case MINUS -> new Term.Compute(Term.Operator.SUBTRACT, left, right);
            case TIMES -> new Term.Compute(Term.Operator.MULTIPLY, left, right);
            case DIVIDE -> new Term.Compute(Term.Operator.DIVIDE, left, right);
            case REMAINDER -> new Term.Compute(Term.Operator.REMAINDER, left, right);
            case EQUAL -> new Term.Compute(Term.Operator.EQUAL, left, right);
            case UNEQUAL -> new Term.Compute(Term.Operator.UNEQUAL, left, right);
            case LESS -> new Term.Compute(Term.Operator.LESS, left, right);
            case GREATER -> new Term.Compute(Term.Operator.LESS, right, left);
            case LESS_OR_EQUAL -> new Term.Compute(Term.Operator.AT_MOST, left, right);
            case GREATER_OR_EQUAL -> new Term.Compute(Term.Operator.AT_MOST, right, left);
            case AND -> new Term.Compute(Term.Operator.AND, left, right);
            case OR -> new Term.Compute(Term.Operator.OR, left, right);
            case OVERLAPS, IN, BIT_OR, BIT_AND, SHIFT_LEFT, SHIFT_RIGHT, NOT ->
                throw new Refusal(Diagnostic.error("not-in-driver", binary.at(),
                        "a driver does not know " + Quoting.quote(binary.operator().written())));
        };
    }

    /** Which addresses an action is about. */
    Action.Where where(Expression expression) {
        return switch (expression) {
            case Expression.Name name when isRange(name) -> new Action.Where.Callback();
            case Expression.Between between -> new Action.Where.Between(of(between.start()), of(between.end()));
            case Expression.Extent extent when extent.start().isPresent() -> {
                Term start = of(extent.start().get());
                yield new Action.Where.Between(start, new Term.Compute(Term.Operator.ADD, start, of(extent.length())));
            }
            default -> throw wrong(expression, range.isEmpty() ? "a range" : "a range: " + range + ", or a..b");
        };
    }

    private static Refusal wrong(Expression expression, String wanted) {
        if (expression instanceof Expression.Name name) {
            return new Refusal(Diagnostic.error("unknown-name", name.at(),
                    "in a driver " + Quoting.quote(name.text()) + " is not " + wanted));
        }
        return new Refusal(Diagnostic.error("wrong-kind", expression.at(), wanted + " is wanted here"));
    }
}
