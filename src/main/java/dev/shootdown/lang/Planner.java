package dev.shootdown.lang;

import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.tree.Identifier;
import dev.shootdown.lang.tree.VerbCall;
import dev.shootdown.lang.value.Value;
import dev.shootdown.lang.word.Arguments;
import dev.shootdown.lang.word.Scene;
import dev.shootdown.lang.word.Verb;
import dev.shootdown.machine.Machine;
import dev.shootdown.sim.Ref;
import dev.shootdown.sim.Actor;
import dev.shootdown.vocabulary.Parameter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** From a call as written to one whose arguments are worked out. */
final class Planner {
    private final Machine machine;
    private final Names names;
    private final Map<String, Value> values;

    Planner(Machine machine, Names names, Map<String, Value> values) {
        this.machine = machine;
        this.names = names;
        this.values = values;
    }

    Planned plan(Optional<Identifier> actor, VerbCall call) {
        return plan(actor, call, Map.<String, Ref<Value>>of());
    }

    /** One of the ways that are free to take. */
    Planned plan(Optional<Identifier> actor, VerbCall call, Choices taken) {
        return plan(actor, call, (verb, binding, who) -> {
            List<Arguments> one = List.of(checked(arguments(verb, binding, new Evaluator(machine, values, taken)), verb, who, call));
            return () -> one;
        });
    }

    /** @param given what is known only when the call begins */
    Planned plan(Optional<Identifier> actor, VerbCall call, Map<String, Ref<Value>> given) {
        return plan(actor, call, (verb, binding, who) -> {
            if (!given.isEmpty()) {
                return () -> later(verb, binding, who, call, given);
            }
            List<Arguments> alternatives = alternatives(verb, binding, who, call, values);
            return () -> alternatives;
        });
    }

    /** How a call's arguments are worked out. */
    private interface Ways {
        Supplier<List<Arguments>> of(Verb verb, Binding binding, Who who);
    }

    private Planned plan(Optional<Identifier> actor, VerbCall call, Ways ways) {
        Who who = CallCheck.who(actor, call, names);
        Verb verb = CallCheck.verb(who, call);
        Binding binding = CallCheck.bind(verb, call, names);
        Scene scene = new Scene(machine, actor(who), who.owner());
        return new Planned(who, scene, verb, call.written(), ways.of(verb, binding, who), Planned.Row.NONE);
    }

    private List<Arguments> later(Verb verb, Binding binding, Who who, VerbCall call, Map<String, Ref<Value>> given) {
        Map<String, Value> all = new HashMap<>(values);
        boolean known = true;
        for (Map.Entry<String, Ref<Value>> one : given.entrySet()) {
            Value value = one.getValue().get();
            all.put(one.getKey(), value);
            known &= value != null;
        }
        return known ? alternatives(verb, binding, who, call, all) : List.of();
    }

    /** Who takes the steps. An IOMMU's driver is the kernel's: its hardware only serves. */
    private Actor actor(Who who) {
        return switch (who) {
            case Who.Thread thread -> machine.engine().find(thread.actor());
            case Who.Device device -> machine.engine().find(device.actor());
            case Who.Iommu iommu -> machine.kernelActor();
            case Who.Kernel kernel -> machine.kernelActor();
        };
    }

    private List<Arguments> alternatives(Verb verb, Binding binding, Who who, VerbCall call, Map<String, Value> known) {
        Choices choices = new Choices();
        Evaluator evaluator = new Evaluator(machine, known, choices);
        List<Arguments> found = new ArrayList<>();
        do {
            found.add(checked(arguments(verb, binding, evaluator), verb, who, call));
            if (found.size() > Choices.MOST) {
                throw Choices.tooMany(call.at());
            }
        } while (choices.next());
        return List.copyOf(found);
    }

    private Arguments checked(Arguments arguments, Verb verb, Who who, VerbCall call) {
        Bound.check(machine, verb, arguments, who, call);
        return arguments;
    }

    private static Arguments arguments(Verb verb, Binding binding, Evaluator evaluator) {
        Map<String, Value> worked = new HashMap<>();
        for (Parameter parameter : verb.word().parameters()) {
            Expression written = binding.get(parameter.name());
            if (written != null) {
                worked.put(parameter.name(), value(parameter, written, evaluator));
            }
        }
        return new Arguments(worked);
    }

    private static Value value(Parameter parameter, Expression written, Evaluator evaluator) {
        return switch (parameter.kind()) {
            case WORD, NAME, PRESENCE -> written instanceof Expression.Name name ? new Value.Name(name.text()) : evaluator.of(written);
            case RANGE -> evaluator.range(written);
            case SIZE, NUMBER, ADDRESS -> new Value.Number(evaluator.number(written));
            case VALUE, STRING, NAMES -> evaluator.of(written);
        };
    }
}
