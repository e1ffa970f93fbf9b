package dev.shootdown.lang;

import dev.shootdown.vocabulary.Span;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Optional;

/** A tree as text without its places and without anything kept as written: equal for equal meaning. */
final class Shape {
    private Shape() {}

    static String of(Object node) {
        return switch (node) {
            case Optional<?> optional -> optional.map(Shape::of).orElse("-");
            case List<?> list -> list.stream().map(Shape::of).toList().toString();
            case Record record -> record(record);
            default -> String.valueOf(node);
        };
    }

    private static String record(Record record) {
        StringBuilder shape = new StringBuilder(record.getClass().getSimpleName()).append('(');
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            boolean asWritten = component.getName().equals("written") || component.getName().equals("line");
            if (component.getType() != Span.class && !asWritten) {
                shape.append(component.getName()).append('=').append(of(value(record, component))).append(' ');
            }
        }
        return shape.append(')').toString();
    }

    private static Object value(Record record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException failure) {
            throw new AssertionError(failure);
        }
    }
}
