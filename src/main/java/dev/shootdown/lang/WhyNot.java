package dev.shootdown.lang;

import dev.shootdown.check.Check;
import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.tree.Operator;
import dev.shootdown.lang.tree.Statement;
import dev.shootdown.lang.value.Value;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * {@code why not CONDITION}: what ruled it out up to where one stands, as a chain of steps in the order in which they came, and
 * in a sentence what follows from them. It is read off what was seen and what is there now; where only the order in which
 * things came stood in the way, it says so.
 */
final class WhyNot {
    private final Past past;
    private final Statement.Why why;
    /** By step: what it has to do with it. */
    private final Map<Long, String> steps = new TreeMap<>();
    private final List<String> sentences = new ArrayList<>();
    private int weight;

    WhyNot(Recorder recorder, Statement.Why why) {
        this.past = new Past(recorder);
        this.why = why;
    }

    /** Looks for what ruled it out. Refuses where nothing did: it holds. */
    WhyNot look() {
        if (holds(why.condition())) {
            throw new Refusal(Diagnostic.error("does-hold", why.condition().at(), "this does hold at #" + past.recorder().number())
                    .hint("why tells what made it so"));
        }
        explain(why.condition());
        return this;
    }

    /** How much stood in its way: 0 where it was nothing but the order, 2 where somebody took care. */
    int weight() {
        return weight;
    }

    /** @param which which run it is that is told of, where nobody stands in one */
    void tell(Front front, String which) {
        List<List<String>> rows = steps.entrySet().stream()
                .map(entry -> List.of("#" + entry.getKey(), past.who(entry.getKey()), entry.getValue(), past.what(entry.getKey())))
                .toList();
        if (!rows.isEmpty()) {
            front.listing(new Listing(which, List.of("step", "actor", "why not", "event"), rows));
        }
        front.listing(Listing.lines(rows.isEmpty() ? which : "", sentences.stream().distinct().toList()));
    }

    // ---------------------------------------------------------------- for those who look

    Past past() {
        return past;
    }

    /** A step that has to do with it; what is said first of one stands. */
    void put(long step, String role) {
        if (step > past.recorder().first()) {
            steps.putIfAbsent(step, role);
        }
    }

    /** Something stood in its way. */
    void ruledOut(String sentence) {
        weight = Math.max(weight, 1);
        sentences.add(sentence);
    }

    /** The same, and it was put there for that. */
    void strongly(String sentence) {
        weight = 2;
        sentences.add(sentence);
    }

    /** Nothing did that would be there in another order. */
    void order(String sentence) {
        sentences.add("nothing stood in the way but the order: " + sentence);
    }

    // ---------------------------------------------------------------- by what it is made of

    private boolean holds(Expression condition) {
        try {
            return past.recorder().play().evaluator().holds(condition);
        } catch (Refusal gone) {
            return false;
        }
    }

    private void explain(Expression condition) {
        switch (condition) {
            case Expression.Binary both when both.operator() == Operator.AND -> {
                for (Expression part : List.of(both.left(), both.right())) {
                    if (!holds(part)) {
                        explain(part);
                    }
                }
            }
            case Expression.Binary either when either.operator() == Operator.OR -> {
                explain(either.left());
                explain(either.right());
            }
            case Expression.Name name when check(name.text()).isPresent() -> new Obstacles(this).explain(check(name.text()).get());
            case Expression.Binary comparison -> value(comparison.left());
            case Expression.Unary not when not.operator() == Operator.NOT -> since(not.operand());
            default -> value(condition);
        }
    }

    private static Optional<Check> check(String name) {
        return Arrays.stream(Check.values()).filter(check -> check.word().equals(name)).findFirst();
    }

    // ---------------------------------------------------------------- values

    /** What its value was last changed by. */
    private void value(Expression place) {
        String now = text(place);
        since(place);
        sentences.add(written(place) + " is " + now);
    }

    /** The step that last changed what an expression comes to. */
    private void since(Expression place) {
        Recorder recorder = past.recorder();
        long here = recorder.number();
        String now = text(place);
        long since = here;
        String before = now;
        while (since > recorder.first() && before.equals(now)) {
            recorder.go(since - 1);
            before = text(place);
            since -= before.equals(now) ? 1 : 0;
        }
        recorder.go(here);
        if (since == recorder.first()) {
            ruledOut("nothing changed " + written(place) + " since the history begins, at #" + since);
            return;
        }
        put(past.callAt(since, past.who(since)), "in this call");
        steps.put(since, "made " + written(place) + " " + now + ", which was " + before);
        weight = Math.max(weight, 1);
    }

    private String text(Expression place) {
        try {
            Value value = past.recorder().play().evaluator().of(place);
            return value.text();
        } catch (Refusal gone) {
            return "gone";
        }
    }

    private static String written(Expression place) {
        return Debugger.written(place.at());
    }
}
