package dev.shootdown.lang;

import dev.shootdown.iommu.Iommu;
import dev.shootdown.lang.word.Arguments;
import dev.shootdown.lang.word.Scene;
import dev.shootdown.lang.word.Verb;
import dev.shootdown.lang.value.Value;
import dev.shootdown.sim.Ref;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A call with its arguments worked out.
 *
 * @param who     whom it is for
 * @param scene   the same, on the machine
 * @param verb    what is to be done
 * @param args    the arguments as written
 * @param choices the arguments: several where they leave a free choice. What is given during a race is asked for when the call
 *                begins; none where it was not given, since the call that was to give it failed
 * @param row     what comes with it in a race
 */
record Planned(Who who, Scene scene, Verb verb, String args, Supplier<List<Arguments>> choices, Row row) {
    /** @param name the cell of the name for what it gives back; @param stops the blocks that are done in its middle */
    record Row(Optional<Ref<Value>> name, List<Integer> stops) {
        static final Row NONE = new Row(Optional.empty(), List.of());

        Row {
            stops = List.copyOf(stops);
        }
    }

    Planned in(Row place) {
        return new Planned(who, scene, verb, args, choices, place);
    }

    List<Arguments> alternatives() {
        return choices.get();
    }

    /** The process that the call is about; null where it is about none. */
    String process() {
        return who instanceof Who.Thread thread ? thread.process() : null;
    }

    /** The verb as the trace shows it: of two words, the first. */
    String op() {
        return verb.name().split(" ")[0];
    }

    /** What the call gives back, by its outcome. */
    Value value(Arguments arguments, long outcome, String remark) {
        if (verb.mapsForDevice()) {
            Iommu iommu = scene.machine().device(arguments.word("device")).iommu();
            return new Value.Range(outcome, outcome + arguments.range("R").length(), iommu.name());
        }
        if (verb.maps()) {
            return new Value.Range(outcome, outcome + Pages.up(arguments.number("SIZE")), process());
        }
        return switch (verb.returns()) {
            case ADDRESS -> new Value.Number(outcome, true);
            case TEXT -> new Value.Text(remark == null ? "" : remark);
            case NUMBER, NONE -> new Value.Number(outcome);
        };
    }
}
