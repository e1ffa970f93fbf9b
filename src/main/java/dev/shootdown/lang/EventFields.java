package dev.shootdown.lang;

import dev.shootdown.lang.tree.Argument;
import dev.shootdown.lang.tree.Condition;
import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.tree.Identifier;
import dev.shootdown.lang.value.Value;
import dev.shootdown.trace.Address;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Hex;
import dev.shootdown.trace.Inside;
import dev.shootdown.trace.Kind;
import dev.shootdown.trace.Moment;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Suggestion;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The fields of events, as names that a probe and {@code expect trace} may use: as printed, with {@code range} besides. */
final class EventFields {
    private EventFields() {}

    /** The names that hold in a probe of this kind. */
    static Map<String, Thing> of(Kind kind) {
        Map<String, Thing> names = new LinkedHashMap<>();
        for (RecordComponent field : kind.type().getRecordComponents()) {
            if (!field.isAnnotationPresent(Inside.class)) {
                names.put(word(field), new Thing.Let(type(field), -1));
            }
        }
        if (names.containsKey("start") && names.containsKey("end")) {
            names.put("range", new Thing.Let(Type.RANGE, -1));
        }
        names.put("actor", new Thing.Let(Type.TEXT, -1));
        names.put("step", new Thing.Let(Type.NUMBER, -1));
        return names;
    }

    private static Type type(RecordComponent field) {
        Class<?> type = field.getType();
        if (type == String.class) {
            return Type.TEXT;
        }
        if (type == boolean.class || type == Boolean.class) {
            return Type.TRUTH;
        }
        boolean number = type.isPrimitive() || type == Long.class || type == Integer.class;
        return number ? Type.NUMBER : Type.ANY;
    }

    private static String word(RecordComponent field) {
        return field.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    /** Refuses an expected event that there is not, or a field that it has not. */
    static void check(Condition.Emitted expected, Names names) {
        Map<String, Thing> fields = of(Inference.event(expected.event()));
        for (Argument argument : expected.fields()) {
            switch (argument) {
                case Argument.Option option -> {
                    known(option.key(), expected.event(), fields);
                    if (!(option.value() instanceof Expression.Name)) {
                        new Inference(names).of(option.value());
                    }
                }
                case Argument.Positional positional -> throw new Refusal(Diagnostic.error(
                        "wrong-kind", positional.at(), "fields of the event are wanted here: reason=UNMAP"));
            }
        }
    }

    private static void known(Identifier key, Identifier event, Map<String, Thing> fields) {
        if (!fields.containsKey(key.text())) {
            List<String> all = List.copyOf(fields.keySet());
            throw new Refusal(Diagnostic.error("unknown-field", key.at(),
                    event.text() + " has no field " + Quoting.quote(key.text()))
                    .hint("it has " + String.join(", ", all))
                    .didYouMean(Suggestion.nearest(key.text(), all)));
        }
    }

    /** The values of an event's fields, by their names. */
    static Map<String, Value> values(Moment moment) {
        Map<String, Value> values = new LinkedHashMap<>();
        Event event = moment.event();
        Arrays.stream(event.getClass().getRecordComponents())
                .filter(field -> !field.isAnnotationPresent(Inside.class))
                .forEach(field -> put(values, word(field), read(field, event), field));
        if (values.get("start") instanceof Value.Number start && values.get("end") instanceof Value.Number end) {
            String process = values.get("process") instanceof Value.Text text ? text.text() : "";
            values.put("range", new Value.Range(start.value(), end.value(), process));
        }
        values.put("actor", new Value.Text(moment.actor()));
        values.put("step", new Value.Number(moment.step()));
        return values;
    }

    private static Object read(RecordComponent field, Event event) {
        try {
            return field.getAccessor().invoke(event);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void put(Map<String, Value> values, String name, Object value, RecordComponent field) {
        boolean address = field.isAnnotationPresent(Hex.class);
        switch (value) {
            case null -> { }
            case String text -> values.put(name, new Value.Text(text));
            case Boolean truth -> values.put(name, new Value.Truth(truth));
            case Address result -> values.put(name, new Value.Number(result.value(), true));
            case Number number -> values.put(name, new Value.Number(number.longValue(), address));
            default -> values.put(name, new Value.Text(value.toString()));
        }
    }

    /** Whether an event is the one expected: its kind, and the fields that are named. */
    static boolean match(Condition.Emitted expected, Moment moment, Evaluator evaluator) {
        if (moment.event().kind() != Inference.event(expected.event())) {
            return false;
        }
        Map<String, Value> values = values(moment);
        return expected.fields().stream()
                .map(Argument.Option.class::cast)
                .allMatch(field -> values.containsKey(field.key().text())
                        && same(values.get(field.key().text()), evaluator.of(field.value())));
    }

    /** Names stand for themselves: {@code reason=UNMAP}. */
    private static boolean same(Value found, Value wanted) {
        return switch (found) {
            case Value.Number number -> wanted instanceof Value.Number other && other.value() == number.value();
            case Value.Range range -> wanted instanceof Value.Range other && other.start() == range.start() && other.end() == range.end();
            default -> found.text().equals(wanted.text());
        };
    }
}
