package dev.shootdown.lang;

import dev.shootdown.lang.tree.Expression;
import dev.shootdown.trace.Kind;
import dev.shootdown.trace.Moment;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.lang.value.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where runs are to stop: at events, and where places change. */
final class Breaks {
    /** {@code break EVENT at POINT when COND}. */
    record Break(Kind kind, Optional<Expression> point, Optional<Expression> when, String written) {}

    /** {@code watch PLACE}. */
    record Watch(Expression place, String written) {}

    private final List<Break> breaks = new ArrayList<>();
    private final List<Watch> watches = new ArrayList<>();

    void add(Break one) {
        breaks.add(one);
    }

    void add(Watch one) {
        watches.add(one);
    }

    void clear() {
        breaks.clear();
        watches.clear();
    }

    /** What they are, as they were written. */
    List<String> written() {
        List<String> all = new ArrayList<>();
        breaks.forEach(one -> all.add("break " + one.written()));
        watches.forEach(one -> all.add("watch " + one.written()));
        return all;
    }

    /** What the watched places hold now; empty for one that holds nothing at the moment. */
    List<Optional<Value>> values(Play play) {
        return watches.isEmpty() ? List.of() : watches.stream().map(watch -> value(watch, play)).toList();
    }

    /** A place may be gone, or not be there yet. */
    private static Optional<Value> value(Watch watch, Play play) {
        try {
            return Optional.of(play.evaluator().of(watch.place()));
        } catch (Refusal gone) {
            return Optional.empty();
        }
    }

    /** Why to stop behind a step; empty where there is no reason to. */
    Optional<String> reason(Play play, List<Moment> moments, List<Optional<Value>> before) {
        for (Break one : breaks) {
            for (Moment moment : moments) {
                if (one.kind() == moment.event().kind() && holds(one, moment, play)) {
                    return Optional.of("break " + one.written());
                }
            }
        }
        List<Optional<Value>> now = values(play);
        for (int i = 0; i < Math.min(now.size(), before.size()); i++) {
            if (!now.get(i).equals(before.get(i))) {
                return Optional.of("watch " + watches.get(i).written() + ": " + text(before.get(i)) + " -> " + text(now.get(i)));
            }
        }
        return Optional.empty();
    }

    private static boolean holds(Break one, Moment moment, Play play) {
        return there(one, moment, play) && (one.when().isEmpty() || play.evaluator().with(EventFields.values(moment)).holds(one.when().get()));
    }

    /** A place that is gone, or not there yet, is no reason to stop. */
    private static boolean there(Break one, Moment moment, Play play) {
        try {
            return Point.holds(one.point(), moment, play.evaluator());
        } catch (Refusal gone) {
            return false;
        }
    }

    private static String text(Optional<Value> value) {
        return value.map(Value::text).orElse("gone");
    }
}
