package dev.shootdown.lang;

import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.value.Value;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import java.util.ArrayList;
import java.util.List;

/** {@code any(buf, 4K)}: one of the pieces of a range. */
final class Pieces {
    /** How many there may be. */
    static final int MOST = 65_536;

    private Pieces() {}

    /** Whether a choice is meant so, and not as one of its values. */
    static boolean are(Expression.Any any, List<Type> types) {
        return any.choices().size() == 2 && types.getFirst() == Type.RANGE && types.getLast() == Type.NUMBER;
    }

    /** The pieces, in order; the last one may be shorter. */
    static List<Value> of(Value.Range range, long size, Span at) {
        if (size == 0 || range.length() == 0) {
            throw new Refusal(Diagnostic.error("no-choice", at, "pieces of no bytes are none"));
        }
        if (Long.compareUnsigned(Long.divideUnsigned(range.length(), size), MOST) > 0) {
            throw new Refusal(Diagnostic.error("too-many-choices", at, "these are more than " + MOST + " choices"));
        }
        List<Value> pieces = new ArrayList<>();
        for (long start = range.start(); Long.compareUnsigned(start, range.end()) < 0; start += size) {
            long end = Long.compareUnsigned(range.end() - start, size) < 0 ? range.end() : start + size;
            pieces.add(new Value.Range(start, end, range.process()));
        }
        return pieces;
    }
}
