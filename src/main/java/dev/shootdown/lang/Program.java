package dev.shootdown.lang;

import dev.shootdown.lang.tree.Expression;
import dev.shootdown.machine.Machine;
import java.util.ArrayList;
import java.util.List;

/**
 * What the steps of a script stand for: they carry numbers, and this knows the calls and expressions behind them. It
 * grows between two steps only, and in the same order on every machine that a script is run on.
 */
final class Program {
    private final Machine machine;
    private final Evaluator evaluator;
    private final List<Planned> calls = new ArrayList<>();
    private final List<Expression> conditions = new ArrayList<>();

    Program(Machine machine, Evaluator evaluator) {
        this.machine = machine;
        this.evaluator = evaluator;
        machine.world().install(this);
    }

    Machine machine() {
        return machine;
    }

    int add(Planned call) {
        calls.add(call);
        return calls.size() - 1;
    }

    int add(Expression condition) {
        conditions.add(condition);
        return conditions.size() - 1;
    }

    Planned call(int number) {
        return calls.get(number);
    }

    /** How many calls there are: {@link #forget} goes back to that. */
    int size() {
        return calls.size();
    }

    /** Drops the calls from this number on, which nobody has on his agenda any more. */
    void forget(int from) {
        calls.subList(from, calls.size()).clear();
    }

    boolean holds(int condition) {
        return evaluator.holds(conditions.get(condition));
    }

    Evaluator evaluator() {
        return evaluator;
    }
}
