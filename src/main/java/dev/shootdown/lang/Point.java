package dev.shootdown.lang;

import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.value.Value;
import dev.shootdown.trace.Kind;
import dev.shootdown.trace.Moment;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import java.util.Map;
import java.util.Optional;

/**
 * {@code at POINT}, of a break and of a probe: the addresses at which an event is to happen. It happens there if its range,
 * or what begins at its address, overlaps them; a lone address stands for its page, as everywhere.
 */
final class Point {
    private Point() {}

    /** Refuses what is no place, and events that happen at none. */
    static void check(Kind kind, Expression point, Names names) {
        Map<String, Thing> fields = EventFields.of(kind);
        if (!fields.containsKey("range") && !fields.containsKey("addr")) {
            throw new Refusal(Diagnostic.error("no-address", point.at(), kind.word() + " happens at no address: it has neither a range nor an addr")
                    .hint("when asks for a field: " + kind.word() + " has " + String.join(", ", fields.keySet())));
        }
        Type type = new Inference(names).of(point);
        if (type != Type.RANGE && type != Type.NUMBER && type != Type.ANY) {
            throw Inference.wrongKind(point.at(), "a range or an address", type);
        }
    }

    /** Whether an event happened there; where nothing is said, it did. */
    static boolean holds(Optional<Expression> point, Moment moment, Evaluator evaluator) {
        return point.isEmpty() || extent(EventFields.values(moment)).map(evaluator.range(point.get())::overlaps).orElse(false);
    }

    private static Optional<Value.Range> extent(Map<String, Value> fields) {
        if (fields.get("range") instanceof Value.Range range) {
            return Optional.of(range);
        }
        if (fields.get("addr") instanceof Value.Number addr) {
            long length = fields.get("len") instanceof Value.Number len ? Math.max(1, len.value()) : 1;
            return Optional.of(new Value.Range(addr.value(), addr.value() + length));
        }
        return Optional.empty();
    }
}
