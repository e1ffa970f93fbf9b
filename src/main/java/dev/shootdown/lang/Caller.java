package dev.shootdown.lang;

import dev.shootdown.lang.tree.Condition;
import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.tree.Identifier;
import dev.shootdown.lang.tree.Statement;
import dev.shootdown.lang.tree.VerbCall;
import dev.shootdown.lang.value.Value;
import dev.shootdown.machine.Call;
import dev.shootdown.machine.Machine;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Outcome;
import dev.shootdown.sim.Step;
import dev.shootdown.trace.Listener;
import dev.shootdown.trace.Moment;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Carries out calls, one statement at a time, and says how they ended. */
final class Caller {
    private final Play play;
    private final Runner runner;

    Caller(Play play, Runner runner) {
        this.play = play;
        this.runner = runner;
    }

    /** How a call ended. */
    record Ending(Planned planned, long outcome, String remark) {
        boolean failed() {
            return Outcome.failed(outcome);
        }
    }

    /** A statement: its calls in order; the first one that fails unexpectedly ends the script. */
    void perform(Statement.Perform perform) {
        for (VerbCall call : perform.calls()) {
            if (perform.inFlight()) {
                leave(perform.actor(), call);
            } else {
                call(perform.actor(), call).ifPresent(ending -> refuse(ending, call));
            }
        }
    }

    /** The value that a statement's last call gives back. */
    Optional<Value> value(Statement.LetCall let) {
        Optional<Value> value = Optional.empty();
        for (VerbCall call : let.call().calls()) {
            Optional<Ending> ending = call(let.call().actor(), call);
            ending.ifPresent(end -> refuse(end, call));
            value = ending.map(Caller::value);
        }
        return value;
    }

    private static Value value(Ending ending) {
        Planned planned = ending.planned();
        if (planned.verb().maps()) {
            long length = Pages.up(planned.alternatives().getFirst().number("SIZE"));
            return new Value.Range(ending.outcome(), ending.outcome() + length, planned.process());
        }
        return switch (planned.verb().returns()) {
            case ADDRESS -> new Value.Number(ending.outcome(), true);
            case TEXT -> new Value.Text(ending.remark() == null ? "" : ending.remark());
            case NUMBER, NONE -> new Value.Number(ending.outcome());
        };
    }

    // ---------------------------------------------------------------- what is expected

    void expect(Condition.ExpectFailure expected) {
        Optional<Ending> ending = call(expected.actor(), expected.call());
        long outcome = ending.map(Ending::outcome).orElse(0L);
        if (!Codes.match(expected.codes(), outcome)) {
            throw new Refusal(Diagnostic.error("expectation-failed", expected.codes().getFirst().at(),
                    expected.call().verb().text() + " was expected to end with " + codes(expected) + ", and ended with " + Codes.text(outcome)));
        }
    }

    private static String codes(Condition.ExpectFailure expected) {
        return String.join(" ", expected.codes().stream().map(Identifier::text).toList());
    }

    void expect(Condition.ExpectTrace expected) {
        Seen seen = new Seen(expected, play);
        Machine machine = play.machine();
        machine.trace().add(seen);
        try {
            call(expected.actor(), expected.call()).ifPresent(ending -> refuse(ending, expected.call()));
        } finally {
            machine.trace().remove(seen);
        }
        if (seen.next < expected.events().size()) {
            Condition.Emitted missing = expected.events().get(seen.next);
            throw new Refusal(Diagnostic.error("expectation-failed", missing.at(),
                    "this event did not come, or not in this order"));
        }
    }

    /** How far the expected events have come. */
    private static final class Seen implements Listener {
        private final Condition.ExpectTrace expected;
        private final Play play;
        private int next;

        Seen(Condition.ExpectTrace expected, Play play) {
            this.expected = expected;
            this.play = play;
        }

        @Override
        public long kinds() {
            return expected.events().stream().mapToLong(event -> Inference.event(event.event()).bit()).reduce(0, (a, b) -> a | b);
        }

        @Override
        public void on(Moment moment) {
            if (next < expected.events().size() && EventFields.match(expected.events().get(next), moment, play.evaluator())) {
                next++;
            }
        }
    }

    // ---------------------------------------------------------------- one call

    private Optional<Ending> call(Optional<Identifier> actor, VerbCall call) {
        Optional<Expression> when = call.when();
        if (when.isPresent() && !play.evaluator().holds(when.get())) {
            return Optional.empty();
        }
        Planned planned = plan(actor, call);
        int number = play.program().add(planned);
        List<Probes.Probe> stops = stops(planned, call);
        stops.forEach(play.probes()::add);
        try {
            runner.finish(planned.scene().actor(), List.of(new Perform(number)), call.at());
        } finally {
            stops.forEach(play.probes()::remove);
        }
        if (play.inFlight().isEmpty()) {
            play.program().forget(number);
        }
        return Optional.of(ending(planned, planned.scene().actor()));
    }

    private static List<Probes.Probe> stops(Planned planned, VerbCall call) {
        return call.stops().stream()
                .map(stop -> new Probes.Probe(Inference.event(stop.event()), Optional.of(planned.scene().actor()), Optional.empty(), stop.body(), true))
                .toList();
    }

    private void leave(Optional<Identifier> actor, VerbCall call) {
        Planned planned = plan(actor, call);
        runner.leave(planned.scene().actor(), List.of(new Perform(play.program().add(planned))));
    }

    private Planned plan(Optional<Identifier> actor, VerbCall call) {
        Planned planned = play.planner().plan(actor, call);
        boolean toCome = !planned.scene().gone() && !play.inFlight().isEmpty();
        if (planned.who() instanceof Who.Thread && !planned.scene().alive() && !toCome) {
            throw new Refusal(Diagnostic.error("process-exited", call.at(), planned.who().actor() + " has exited"));
        }
        return planned;
    }

    private Ending ending(Planned planned, Actor actor) {
        if (planned.who() instanceof Who.Thread && !planned.scene().alive()) {
            return new Ending(planned, 0, null);
        }
        return new Ending(planned, play.machine().outcomes().last(actor), play.machine().outcomes().remark(actor));
    }

    /** A call that the kernel refuses says so, and ends the script. */
    private void refuse(Ending ending, VerbCall call) {
        if (ending.failed()) {
            throw new Refusal(failure(call.verb().text(), ending.outcome(), ending.remark(), call.at()));
        }
    }

    private static Diagnostic failure(String verb, long outcome, String rule, Span at) {
        String code = Codes.text(outcome);
        String cause = verb + " ended with " + code + (rule == null ? "" : ": " + rule);
        return Diagnostic.error(code.split(" ")[0], at, cause);
    }

    /** What the kernel's own actor does, as a call. */
    void kernel(String process, String op, String args, List<Step> body, Span at) {
        Machine machine = play.machine();
        runner.finish(machine.kernelActor(), Call.around(process, op, args, body, Call.Result.NONE), at);
        long outcome = machine.outcomes().last(machine.kernelActor());
        if (Outcome.failed(outcome)) {
            throw new Refusal(failure(op, outcome, machine.outcomes().remark(machine.kernelActor()), at));
        }
    }

    /** Finishes what one actor, or everybody, was left in flight with. */
    void land(Optional<Identifier> actor, Span at) {
        List<Actor> actors = new ArrayList<>(play.inFlight());
        if (actor.isPresent()) {
            String name = play.names().who(actor.get()).actor();
            actors.removeIf(one -> !one.name().equals(name));
        }
        runner.land(actors, at);
    }
}
