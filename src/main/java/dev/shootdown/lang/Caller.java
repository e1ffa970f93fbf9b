package dev.shootdown.lang;

import dev.shootdown.iommu.Iommu;
import dev.shootdown.lang.tree.Condition;
import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.tree.Identifier;
import dev.shootdown.lang.tree.Statement;
import dev.shootdown.lang.tree.VerbCall;
import dev.shootdown.lang.value.Value;
import dev.shootdown.lang.word.Arguments;
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
import java.util.function.Consumer;

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
        Task.sequence(perform.calls().stream().map(call -> perform(perform, call)).toList());
    }

    private Runnable perform(Statement.Perform perform, VerbCall call) {
        return perform.inFlight()
                ? () -> leave(perform.actor(), call)
                : () -> call(perform.actor(), call, ending -> ending.ifPresent(end -> refuse(end, call)));
    }

    /** Names the value that a statement's last call gives back. */
    void let(Statement.LetCall let) {
        List<VerbCall> calls = let.call().calls();
        Task.sequence(calls.stream().map(call -> (Runnable) () -> call(let.call().actor(), call, ending -> ending.ifPresent(end -> {
            refuse(end, call);
            if (call == calls.getLast()) {
                Planned planned = end.planned();
                play.values().put(let.name().text(), planned.value(planned.alternatives().getFirst(), end.outcome(), end.remark()));
            }
        }))).toList());
    }

    // ---------------------------------------------------------------- what is expected

    void expect(Condition.ExpectFailure expected) {
        call(expected.actor(), expected.call(), ending -> {
            long outcome = ending.map(Ending::outcome).orElse(0L);
            if (!Codes.match(expected.codes(), outcome)) {
                throw new Refusal(Diagnostic.error("expectation-failed", expected.codes().getFirst().at(), expected.call().verb().text()
                        + " was expected to end with " + codes(expected) + ", and ended with " + Codes.text(outcome)));
            }
        });
    }

    private static String codes(Condition.ExpectFailure expected) {
        return String.join(" ", expected.codes().stream().map(Identifier::text).toList());
    }

    void expect(Condition.ExpectTrace expected) {
        Seen seen = new Seen(expected, play);
        Machine machine = play.machine();
        machine.trace().add(seen);
        try {
            call(expected.actor(), expected.call(), ending -> {
                machine.trace().remove(seen);
                ending.ifPresent(end -> refuse(end, expected.call()));
                complete(expected, seen);
            });
        } catch (Stopped stopped) {
            throw stopped;
        } catch (RuntimeException | Error failure) {
            machine.trace().remove(seen);
            throw failure;
        }
    }

    private static void complete(Condition.ExpectTrace expected, Seen seen) {
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

    /** @param then what is to be done with its ending, which is empty where it was not made */
    private void call(Optional<Identifier> actor, VerbCall call, Consumer<Optional<Ending>> then) {
        Optional<Expression> when = call.when();
        if (when.isPresent() && !play.evaluator().holds(when.get())) {
            then.accept(Optional.empty());
            return;
        }
        Planned planned = plan(actor, call);
        int number = play.program().add(planned);
        List<Probes.Probe> stops = stops(planned, call);
        stops.forEach(play.probes()::add);
        try {
            runner.finish(planned.scene().actor(), List.of(new Perform(number)), call.at(), () -> {
                stops.forEach(play.probes()::remove);
                forget(number);
                then.accept(Optional.of(ending(planned, planned.scene().actor())));
            });
        } catch (Stopped stopped) {
            throw stopped;
        } catch (RuntimeException | Error failure) {
            stops.forEach(play.probes()::remove);
            throw failure;
        }
    }

    /** Calls that nobody comes back to need not be kept. */
    private void forget(int number) {
        if (play.inFlight().isEmpty() && !play.recorder().taping()) {
            play.program().forget(number);
        }
    }

    private static List<Probes.Probe> stops(Planned planned, VerbCall call) {
        return call.stops().stream()
                .map(stop -> new Probes.Probe(Inference.event(stop.event()), Optional.of(planned.scene().actor()), Optional.empty(),
                        Optional.empty(), stop.body(), true))
                .toList();
    }

    private void leave(Optional<Identifier> actor, VerbCall call) {
        if (call.when().isPresent() && !play.evaluator().holds(call.when().get())) {
            return;
        }
        Planned planned = plan(actor, call);
        stops(planned, call).forEach(play.probes()::add);
        runner.leave(planned.scene().actor(), List.of(new Perform(play.program().add(planned))));
    }

    private Planned plan(Optional<Identifier> actor, VerbCall call) {
        Planned planned = play.choices() == null ? play.planner().plan(actor, call) : play.planner().plan(actor, call, play.choices());
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
        runner.finish(machine.kernelActor(), Call.around(process, op, args, body, Call.Result.NONE), at, () -> {
            long outcome = machine.outcomes().last(machine.kernelActor());
            if (Outcome.failed(outcome)) {
                throw new Refusal(failure(op, outcome, machine.outcomes().remark(machine.kernelActor()), at));
            }
        });
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
