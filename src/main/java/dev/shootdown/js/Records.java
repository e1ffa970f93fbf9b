package dev.shootdown.js;

import dev.shootdown.lang.Listing;
import dev.shootdown.trace.Address;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Hex;
import dev.shootdown.trace.Inside;
import dev.shootdown.trace.Moment;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Events, verdicts and answers as plain frozen objects of JavaScript, with the fields that the trace alphabet has. */
final class Records {
    private static final ClassValue<RecordComponent[]> COMPONENTS = new ClassValue<>() {
        @Override
        protected RecordComponent[] computeValue(Class<?> type) {
            return type.getRecordComponents();
        }
    };

    /** The one field that differs from run to run, so that scripts do not get it. */
    private static final String TIME = "seconds";

    private final Sandbox sandbox;

    Records(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    /** An event with its step and actor; addresses are BigInt. */
    Object event(Moment moment) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("step", moment.step());
        members.put("actor", moment.actor());
        members.put("event", moment.event().kind().word());
        fields(moment.event(), members);
        return sandbox.record(members);
    }

    /** What was heard of a scenario: the verdict of its first condition that does not hold, or of its first. */
    Object verdicts(String scenario, List<Ear.Heard> heard) {
        if (heard.isEmpty()) {
            Object none = sandbox.list(List.of());
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("event", "verdict");
            members.put("scenario", scenario);
            members.put("events", none);
            members.put("verdicts", none);
            return sandbox.record(members);
        }
        Ear.Heard first = heard.stream().filter(one -> !one.verdict().holds()).findFirst().orElse(heard.getFirst());
        Map<String, Object> members = verdict(first);
        members.put("verdicts", sandbox.list(heard.stream().map(one -> (Object) sandbox.record(verdict(one))).toList()));
        return sandbox.record(members);
    }

    private Map<String, Object> verdict(Ear.Heard heard) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("event", heard.verdict().kind().word());
        fields(heard.verdict(), members);
        members.put("events", sandbox.list(heard.events().stream().map(this::event).toList()));
        return members;
    }

    /** An answer: an object for each row. */
    Object listing(Listing listing) {
        List<Object> rows = new ArrayList<>();
        for (List<String> row : listing.rows()) {
            if (listing.columns().isEmpty()) {
                rows.add(String.join(" ", row));
            } else {
                Map<String, Object> members = new LinkedHashMap<>();
                for (int i = 0; i < row.size(); i++) {
                    members.put(listing.columns().get(i), row.get(i));
                }
                rows.add(sandbox.record(members));
            }
        }
        return sandbox.list(rows);
    }

    private void fields(Event event, Map<String, Object> members) {
        for (RecordComponent component : COMPONENTS.get(event.getClass())) {
            Object value = seen(component) ? read(component, event) : null;
            if (value != null) {
                members.put(name(component), converted(value, component.isAnnotationPresent(Hex.class)));
            }
        }
    }

    /** Whether scripts get a field. */
    static boolean seen(RecordComponent component) {
        return !component.isAnnotationPresent(Inside.class) && !component.getName().equals(TIME);
    }

    /** A field's name, as everywhere: with {@code _} for a capital. */
    static String name(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    private static Object read(RecordComponent component, Event event) {
        try {
            return component.getAccessor().invoke(event);
        } catch (ReflectiveOperationException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private Object converted(Object value, boolean address) {
        return switch (value) {
            case Long number -> address ? sandbox.bigint(number) : sandbox.number(number);
            case Address place -> sandbox.bigint(place.value());
            case List<?> list -> sandbox.list(list.stream().map(element -> converted(element, address)).toList());
            default -> value;
        };
    }
}
