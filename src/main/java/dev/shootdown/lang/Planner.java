package dev.shootdown.lang;

import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.tree.Identifier;
import dev.shootdown.lang.tree.VerbCall;
import dev.shootdown.lang.value.Value;
import dev.shootdown.lang.word.Arguments;
import dev.shootdown.lang.word.Scene;
import dev.shootdown.lang.word.Verb;
import dev.shootdown.machine.Machine;
import dev.shootdown.sim.Actor;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Parameter;
import dev.shootdown.vocabulary.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From a call as written to one whose arguments are worked out. */
final class Planner {
    private static final int MOST_ALTERNATIVES = 65_536;

    private final Machine machine;
    private final Names names;
    private final Map<String, Value> values;

    Planner(Machine machine, Names names, Map<String, Value> values) {
        this.machine = machine;
        this.names = names;
        this.values = values;
    }

    Planned plan(Optional<Identifier> actor, VerbCall call) {
        Who who = CallCheck.who(actor, call, names);
        Verb verb = CallCheck.verb(who, call);
        Binding binding = CallCheck.bind(verb, call, names);
        Scene scene = new Scene(machine, actor(who), who.owner());
        List<Arguments> alternatives = alternatives(verb, binding, call);
        alternatives.forEach(arguments -> Bound.check(machine, verb, arguments, who, call));
        return new Planned(who, scene, verb, call.written(), alternatives);
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

    private List<Arguments> alternatives(Verb verb, Binding binding, VerbCall call) {
        Choices choices = new Choices();
        Evaluator evaluator = new Evaluator(machine, values, choices);
        List<Arguments> found = new ArrayList<>();
        do {
            found.add(arguments(verb, binding, evaluator));
            if (found.size() > MOST_ALTERNATIVES) {
                throw new Refusal(Diagnostic.error("too-many-choices", call.at(),
                        "these are more than " + MOST_ALTERNATIVES + " choices"));
            }
        } while (choices.next());
        return found;
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
