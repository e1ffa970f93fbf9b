package dev.shootdown.view;

import dev.shootdown.lang.Listing;
import dev.shootdown.trace.Address;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Hex;
import dev.shootdown.trace.Inside;
import dev.shootdown.trace.Moment;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Severity;
import java.io.StringWriter;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Events as JSON, an object a line. The fields are those of the event's record, read off it, so that the
 * alphabet's page is the only place that names them.
 */
final class JsonText {
    /** The version of the format; a field that is added leaves it as it is. */
    private static final int VERSION = 1;
    private static final Pattern CAPITAL = Pattern.compile("([A-Z])");

    private static final ClassValue<List<Field>> FIELDS = new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
            return fields(type);
        }
    };

    private final JsonFactory factory = new JsonFactory();

    private record Field(String name, MethodHandle accessor, boolean hex) {
        Object of(Event event) {
            try {
                return accessor.invoke(event);
            } catch (Throwable failure) {
                throw new IllegalStateException(name, failure);
            }
        }
    }

    /** The line of an event, without its end. */
    String event(Moment moment) {
        StringWriter out = new StringWriter(160);
        try (JsonGenerator json = factory.createGenerator(ObjectWriteContext.empty(), out)) {
            begin(json, moment.step(), moment.actor(), moment.event().kind().word());
            for (Field field : FIELDS.get(moment.event().getClass())) {
                write(json, field, field.of(moment.event()));
            }
            json.writeEndObject();
        }
        return out.toString();
    }

    /** A diagnostic as the event that it is in a stream of them. */
    String diagnostic(Diagnostic diagnostic) {
        String severity = diagnostic.severity() == Severity.BUG ? "bug" : diagnostic.severity().name().toLowerCase(Locale.ROOT);
        String guess = diagnostic.didYouMean().isEmpty() ? "" : "did you mean " + String.join(", ", diagnostic.didYouMean()) + "?";
        String hint = diagnostic.hint() + (diagnostic.hint().isEmpty() || guess.isEmpty() ? "" : "; ") + guess;
        return event(new Moment(0, "", new Event.Diagnosed(diagnostic.code(), severity, diagnostic.span().source(), diagnostic.span().line(),
                diagnostic.span().column(), diagnostic.cause(), hint.isEmpty() ? null : hint)));
    }

    /** An answer in rows; one without columns has lines. */
    String listing(Listing listing) {
        StringWriter out = new StringWriter(160);
        try (JsonGenerator json = factory.createGenerator(ObjectWriteContext.empty(), out)) {
            begin(json, 0, "", "listing");
            json.writeStringProperty("title", listing.title());
            json.writeArrayPropertyStart("rows");
            for (List<String> row : listing.rows()) {
                row(json, listing.columns(), row);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return out.toString();
    }

    private static void row(JsonGenerator json, List<String> columns, List<String> row) {
        if (columns.isEmpty()) {
            json.writeString(String.join(" ", row));
            return;
        }
        json.writeStartObject();
        for (int i = 0; i < Math.min(columns.size(), row.size()); i++) {
            json.writeStringProperty(columns.get(i), row.get(i));
        }
        json.writeEndObject();
    }

    private static void begin(JsonGenerator json, long step, String actor, String event) {
        json.writeStartObject();
        json.writeNumberProperty("v", VERSION);
        json.writeNumberProperty("step", step);
        if (!actor.isEmpty()) {
            json.writeStringProperty("actor", actor);
        }
        json.writeStringProperty("event", event);
    }

    private static void write(JsonGenerator json, Field field, Object value) {
        if (value == null) {
            return;
        }
        json.writeName(field.name());
        value(json, value, field.hex());
    }

    private static void value(JsonGenerator json, Object value, boolean hex) {
        switch (value) {
            case Long number when hex -> json.writeString(Names.hex(number));
            case Long number -> json.writeNumber(number);
            case Integer number -> json.writeNumber(number);
            case Double number -> json.writeNumber(number);
            case Boolean flag -> json.writeBoolean(flag);
            case Address address -> json.writeString(address.toString());
            case List<?> list -> {
                json.writeStartArray();
                list.forEach(item -> value(json, item, hex));
                json.writeEndArray();
            }
            case String text -> json.writeString(text);
            default -> throw new IllegalArgumentException("no JSON for a " + value.getClass().getName());
        }
    }

    private static List<Field> fields(Class<?> type) {
        List<Field> fields = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            if (component.isAnnotationPresent(Inside.class)) {
                continue;
            }
            try {
                MethodHandle accessor = MethodHandles.publicLookup().unreflect(component.getAccessor());
                String name = CAPITAL.matcher(component.getName()).replaceAll("_$1").toLowerCase(Locale.ROOT);
                fields.add(new Field(name, accessor, component.isAnnotationPresent(Hex.class)));
            } catch (IllegalAccessException impossible) {
                throw new IllegalStateException(type.getName(), impossible);
            }
        }
        return List.copyOf(fields);
    }
}
