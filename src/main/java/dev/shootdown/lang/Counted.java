package dev.shootdown.lang;

import dev.shootdown.lang.tree.Condition;
import dev.shootdown.lang.tree.Declaration;
import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.tree.Statement;
import dev.shootdown.trace.Kind;
import java.util.List;

/** Which kinds of events a script asks the count of, so that the others need not be counted. */
final class Counted {
    /** All of them. */
    static final long EVERYTHING = Kind.EVERY;

    private Counted() {}

    /** The kinds, as their {@link Kind#bit}s. */
    static long kinds(List<Statement> statements) {
        long kinds = 0;
        for (Statement statement : statements) {
            kinds |= of(statement);
        }
        return kinds;
    }

    private static long of(Statement statement) {
        return switch (statement) {
            case Condition.Quantified condition -> of(condition.expression());
            case Statement.Let let -> of(let.value());
            case Statement.Print print -> of(print.value());
            case Statement.Race race -> kinds(race.rows());
            case Statement.Repeat repeat -> of(repeat.times()) | kinds(repeat.body());
            case Statement.Either either -> either.choices().stream().mapToLong(Counted::kinds).reduce(0, (a, b) -> a | b);
            case Statement.If choice -> choice.branches().stream()
                    .mapToLong(branch -> of(branch.condition()) | kinds(branch.body()))
                    .reduce(kinds(choice.otherwise()), (a, b) -> a | b);
            case Statement.Probe probe -> probe.when().map(Counted::of).orElse(0L) | kinds(probe.body());
            case Statement.Perform perform -> perform.calls().stream()
                    .mapToLong(call -> call.when().map(Counted::of).orElse(0L)
                            | call.stops().stream().mapToLong(stop -> kinds(stop.body())).reduce(0, (a, b) -> a | b))
                    .reduce(0, (a, b) -> a | b);
            case Statement.LetCall let -> of(let.call());
            case Statement.Include include -> EVERYTHING;
            case Declaration.Scenario scenario -> kinds(scenario.body());
            default -> 0;
        };
    }

    private static long of(Expression expression) {
        return switch (expression) {
            case Expression.Call call when call.function() instanceof Expression.Name name && name.text().equals("count") ->
                call.arguments().stream().mapToLong(argument -> Inference.event(argument).bit()).reduce(0, (a, b) -> a | b);
            case Expression.Call call -> 0;
            case Expression.Text text -> text.parts().stream()
                    .mapToLong(part -> part instanceof Expression.Interpolation inner ? of(inner.value()) : 0)
                    .reduce(0, (a, b) -> a | b);
            case Expression.Unary unary -> of(unary.operand());
            case Expression.Binary binary -> of(binary.left()) | of(binary.right());
            case Expression.Any any -> any.choices().stream().mapToLong(Counted::of).reduce(0, (a, b) -> a | b);
            case Expression.Between between -> of(between.start()) | of(between.end());
            case Expression.Extent extent -> of(extent.length()) | extent.start().map(Counted::of).orElse(0L);
            case Expression.Index index -> of(index.of()) | of(index.inside());
            case Expression.Member member -> of(member.of());
            case Expression.ListOf list -> list.elements().stream().mapToLong(Counted::of).reduce(0, (a, b) -> a | b);
            case Expression.Number number -> 0;
            case Expression.Name name -> 0;
            case Expression.Constants constants -> 0;
            case Expression.Position position -> 0;
        };
    }
}
