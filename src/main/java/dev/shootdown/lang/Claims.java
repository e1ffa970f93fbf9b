package dev.shootdown.lang;

import dev.shootdown.check.Check;
import dev.shootdown.check.Checkers;
import dev.shootdown.explore.Condition;
import dev.shootdown.explore.Quantifier;
import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.tree.Operator;
import dev.shootdown.sim.World;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** What a scenario claims, as an exploration asks it: of any machine that the scenario stands on. */
final class Claims {
    private Claims() {}

    static List<Condition> of(Stage stage) {
        return stage.conditions().stream().map(Claims::of).toList();
    }

    /** The checkers that the claims name. */
    static Set<Check> checks(List<dev.shootdown.lang.tree.Condition.Quantified> claims) {
        Set<Check> found = EnumSet.noneOf(Check.class);
        claims.forEach(claim -> collect(claim.expression(), found));
        return found;
    }

    private static void collect(Expression expression, Set<Check> found) {
        switch (expression) {
            case Expression.Name name -> Arrays.stream(Check.values()).filter(check -> check.word().equals(name.text())).forEach(found::add);
            case Expression.Binary binary -> {
                collect(binary.left(), found);
                collect(binary.right(), found);
            }
            case Expression.Unary unary -> collect(unary.operand(), found);
            case Expression.Call call -> call.arguments().forEach(argument -> collect(argument, found));
            default -> { }
        }
    }

    private static Condition of(dev.shootdown.lang.tree.Condition.Quantified claim) {
        Expression expression = claim.expression();
        Quantifier quantifier = Quantifier.valueOf(claim.quantifier().name());
        if (quantifier.measures()) {
            return Condition.measure(claim.written(), quantifier, world -> world.part(Program.class).evaluator().signed(expression).value());
        }
        Predicate<World> reported = reported(expression);
        if (reported != null) {
            return Condition.lasting(claim.written(), quantifier, reported);
        }
        return Condition.of(claim.written(), quantifier, world -> world.part(Program.class).evaluator().holds(expression));
    }

    /**
     * What checkers report, joined by and or or: it stays true once it is. It is asked after every step, so that nothing is
     * looked up by its name then. Null for all else.
     */
    private static Predicate<World> reported(Expression expression) {
        return switch (expression) {
            case Expression.Name name -> Arrays.stream(Check.values()).filter(check -> check.word().equals(name.text())).findFirst()
                    .<Predicate<World>>map(check -> world -> world.part(Checkers.class).happened(check)).orElse(null);
            case Expression.Binary binary when binary.operator() == Operator.AND || binary.operator() == Operator.OR -> {
                Predicate<World> left = reported(binary.left());
                Predicate<World> right = reported(binary.right());
                yield left == null || right == null ? null : binary.operator() == Operator.AND ? left.and(right) : left.or(right);
            }
            default -> null;
        };
    }
}
