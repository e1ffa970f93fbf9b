package dev.shootdown.lang;

import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.value.Value;
import dev.shootdown.machine.Machine;
import dev.shootdown.sim.Ref;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the steps of a script stand for: they carry numbers, and this knows the calls and expressions behind them. It
 * grows between two steps only, and in the same order on every machine that a script is run on.
 */
final class Program {
    private final Machine machine;
    private final Evaluator evaluator;
    private final List<Planned> calls = new ArrayList<>();
    private final List<Asked> conditions = new ArrayList<>();
    private Stops stops;

    /** A condition, with the names whose values a race gives. */
    private record Asked(Expression condition, Map<String, Ref<Value>> given) {}

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

    int add(Expression condition, Map<String, Ref<Value>> given) {
        conditions.add(new Asked(condition, given));
        return conditions.size() - 1;
    }

    /** The blocks of a race's {@code at}; null where it has none. */
    Stops stops() {
        return stops;
    }

    /** The same; from now on it has some. */
    Stops blocks() {
        stops = stops == null ? new Stops(machine.engine()) : stops;
        return stops;
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

    /** Whether a condition holds; one about a name that was not given does not. */
    boolean holds(int condition) {
        Asked asked = conditions.get(condition);
        Map<String, Value> values = new HashMap<>();
        boolean known = true;
        for (Map.Entry<String, Ref<Value>> one : asked.given().entrySet()) {
            Value value = one.getValue().get();
            values.put(one.getKey(), value);
            known &= value != null;
        }
        return known && (values.isEmpty() ? evaluator : evaluator.with(values)).holds(asked.condition());
    }

    Evaluator evaluator() {
        return evaluator;
    }
}
