package dev.shootdown.view;

import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;

/** Makes an event of any kind, with something in every field. */
final class EventMaker {
    private EventMaker() {}

    static Event make(Kind kind) throws ReflectiveOperationException {
        RecordComponent[] components = kind.type().getRecordComponents();
        Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = Arrays.stream(types).map(EventMaker::value).toArray();
        return kind.type().getDeclaredConstructor(types).newInstance(values);
    }

    private static Object value(Class<?> type) {
        if (type == long.class || type == Long.class) {
            return 0x1000L;
        }
        if (type == int.class || type == Integer.class) {
            return 1;
        }
        if (type == boolean.class || type == Boolean.class) {
            return true;
        }
        return type == Double.class ? (Object) 0.5 : type == List.class ? List.of(1L) : "x";
    }
}
