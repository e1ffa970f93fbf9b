package dev.shootdown.lang;

import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.value.Value;
import java.util.ArrayList;
import java.util.List;

/** {@code any(buf, 4K)}: one of the pieces of a range. */
final class Pieces {
    private Pieces() {}

    /** Whether a choice is meant so, and not as one of its values. */
    static boolean are(Expression.Any any, List<Type> types) {
        return any.choices().size() == 2 && types.getFirst() == Type.RANGE && types.getLast() == Type.NUMBER;
    }

    /** The pieces, in order; the last one may be shorter. */
    static List<Value> of(Value.Range range, long size) {
        List<Value> pieces = new ArrayList<>();
        for (long start = range.start(); Long.compareUnsigned(start, range.end()) < 0; start += size) {
            long end = Long.compareUnsigned(range.end() - start, size) < 0 ? range.end() : start + size;
            pieces.add(new Value.Range(start, end, range.process()));
        }
        return pieces;
    }
}
