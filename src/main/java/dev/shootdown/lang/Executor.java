package dev.shootdown.lang;

import dev.shootdown.lang.tree.Condition;
import dev.shootdown.lang.tree.Declaration;
import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.tree.Identifier;
import dev.shootdown.lang.tree.Statement;
import dev.shootdown.lang.value.Value;
import dev.shootdown.trace.Event;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Severity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Carries out statements, which were checked before, one after the other. */
final class Executor {
    private final Play play;
    private final Runner runner;
    private final Caller caller;
    private final Declarer declarer;
    private Status status = Status.HELD;

    Executor(Play play) {
        this.play = play;
        this.runner = new Runner(play, this::probe);
        this.caller = new Caller(play, runner);
        this.declarer = new Declarer(play, caller);
    }

    Runner runner() {
        return runner;
    }

    Caller caller() {
        return caller;
    }

    /** What it has come to so far. */
    Status status() {
        return status;
    }

    /** A whole text, from its first statement to the one that ends it. What is still in flight is finished. */
    Status run(List<Statement> statements) {
        try {
            for (Statement statement : statements) {
                stand(() -> play.debugger().top(statement, this));
            }
            if (!statements.isEmpty() && !play.debugger().inside()) {
                stand(() -> caller.land(Optional.empty(), statements.getLast().at()));
            }
        } catch (Refusal refusal) {
            play.front().diagnostic(refusal.diagnostic());
            status = status.and(Status.FAILED);
        } catch (Ended ended) {
            status = status.and(ended.status());
        }
        return status;
    }

    /** Finishes what stands still, without heeding breaks. */
    Status finish() {
        try {
            play.debugger().leave();
            note(play.debugger().take());
        } catch (Refusal refusal) {
            play.front().diagnostic(refusal.diagnostic());
            status = status.and(Status.FAILED);
        } catch (Ended ended) {
            status = status.and(ended.status());
        }
        return status;
    }

    /** Does something that may stand still in the middle; then what comes next is done while it stands. */
    private void stand(Runnable what) {
        try {
            what.run();
        } catch (Stopped stopped) {
            play.debugger().stopped();
        }
        note(play.debugger().take());
    }

    /** One statement: its names are made known first, and it is remembered for the scenarios below it. */
    void top(Statement statement, Checker.Where where) {
        know(statement, where);
        try {
            execute(statement);
        } catch (Stopped stopped) {
            remember(statement);
            throw stopped;
        }
        remember(statement);
    }

    private void remember(Statement statement) {
        play.history().add(statement);
        play.recorder().refresh();
    }

    /** Makes the names known that a statement declares, as they hold when it runs. */
    void know(Statement statement, Checker.Where where) {
        Identifier actor = play.names().actor();
        List<Diagnostic> wrong = new Checker(play.names(), play.inclusions(), where).check(List.of(statement));
        wrong.stream().filter(one -> one.severity() == Severity.ERROR).findFirst().ifPresent(one -> {
            throw new Refusal(one);
        });
        play.names().use(actor);
        bear(Forks.in(statement));
    }

    private void bear(List<String> children) {
        children.forEach(name -> play.machine().unborn(name));
        if (!children.isEmpty()) {
            play.recorder().restart();
        }
    }

    void block(List<Statement> statements) {
        Task.sequence(statements.stream().map(statement -> (Runnable) () -> execute(statement)).toList());
    }

    private void execute(Statement statement) {
        switch (statement) {
            case Declaration declaration -> {
                declarer.declare(declaration);
                play.recorder().restart();
            }
            case Condition condition -> condition(condition);
            case Statement.Plain plain -> plain(plain);
        }
    }

    private void plain(Statement.Plain plain) {
        switch (plain) {
            case Statement.Perform perform -> caller.perform(perform);
            case Statement.Let let -> play.values().put(let.name().text(), play.evaluator().of(let.value()));
            case Statement.LetCall let -> caller.let(let);
            case Statement.Use use -> play.names().use(use.actor());
            case Statement.Repeat repeat -> repeat(repeat);
            case Statement.If choice -> choice(choice);
            case Statement.Print print -> play.show(new Event.Print(play.evaluator().of(print.value()).text()));
            case Statement.Include include -> include(include);
            case Statement.Either either -> block(either.choices().get(play.choices() == null ? 0 : play.choices().take(either.choices().size())));
            case Statement.Wait wait -> caller.land(wait.actor(), wait.at());
            case Statement.Run run -> new ScenarioRun(play, run.scenario()).run(run);
            case Statement.Explore explore -> note(new ScenarioExplore(play, Exploration.everything(), explore).explore());
            case Statement.Probe probe -> set(probe);
            case Statement.Command command -> play.debugger().carryOut(command, play);
            case Statement.Fence fence -> note(play.javascript().run(fence.at().source(), fence.code(), fence.line()));
            case Statement.Race race -> throw new IllegalStateException("a race outside of a scenario");
            case Statement.Assign assign -> throw new IllegalStateException("a counter outside of a driver");
            case Statement.Help help -> play.front().listing(Help.of(help.word()));
            case Statement.Why why -> play.debugger().why(why);
        }
    }

    private void note(Status came) {
        status = status.and(came);
        if (came == Status.INTERRUPTED) {
            throw new Ended(came);
        }
    }

    private void repeat(Statement.Repeat repeat) {
        long times = play.evaluator().number(repeat.times());
        Limits.TIMES.check(times, repeat.times().at());
        repeat(repeat.body(), times);
    }

    private void repeat(List<Statement> body, long times) {
        for (long i = 0; i < times; i++) {
            try {
                block(body);
            } catch (Stopped stopped) {
                long left = times - i - 1;
                stopped.then(() -> repeat(body, left));
                throw stopped;
            }
            if (play.front().interrupted()) {
                throw new Ended(Status.INTERRUPTED);
            }
        }
    }

    private void choice(Statement.If choice) {
        for (Statement.Branch branch : choice.branches()) {
            if (play.evaluator().holds(branch.condition())) {
                block(branch.body());
                return;
            }
        }
        block(choice.otherwise());
    }

    private void include(Statement.Include include) {
        List<Statement> statements = play.inclusions().open(include).statements();
        play.inclusions().close(include);
        bear(Forks.in(statements));
        block(statements);
    }

    // ---------------------------------------------------------------- conditions

    private void condition(Condition condition) {
        switch (condition) {
            case Condition.Quantified quantified -> expect(quantified.expression());
            case Condition.ExpectFailure expected -> caller.expect(expected);
            case Condition.ExpectTrace expected -> caller.expect(expected);
        }
    }

    private void expect(Expression expression) {
        if (!play.evaluator().holds(expression)) {
            throw new Refusal(Diagnostic.error("expectation-failed", expression.at(),
                    "this does not hold").hint(found(expression)));
        }
    }

    /** What the left side of a comparison came to. */
    private String found(Expression expression) {
        return expression instanceof Expression.Binary binary && play.evaluator().of(binary.left()) instanceof Value value
                && !(value instanceof Value.Truth)
                ? "it is " + value.text() : "";
    }

    // ---------------------------------------------------------------- probes

    private void set(Statement.Probe probe) {
        play.probes().add(new Probes.Probe(Inference.event(probe.event()), Optional.empty(), probe.point(), probe.when(), probe.body(), false));
    }

    /** Carries out the body of a probe; the fields of its event have names in it. */
    private void probe(Probes.Hit hit) {
        if (!Point.holds(hit.probe().point(), hit.moment(), play.evaluator())) {
            return;
        }
        within(hit, () -> {
            if (hit.probe().when().isEmpty() || play.evaluator().holds(hit.probe().when().get())) {
                block(hit.probe().body());
            }
        });
    }

    private void within(Probes.Hit hit, Runnable what) {
        Map<String, Value> fields = EventFields.values(hit.moment());
        Map<String, Value> before = new HashMap<>(play.values());
        Names outside = play.names();
        Names inside = outside.inner();
        EventFields.of(hit.probe().kind()).forEach(inside::put);
        play.values().putAll(fields);
        play.names(inside);
        try {
            what.run();
        } catch (Stopped stopped) {
            stopped.within(rest -> within(hit, rest));
            throw stopped;
        } finally {
            play.names(outside);
            fields.keySet().forEach(name -> restore(name, before.get(name)));
        }
    }

    private void restore(String name, Value value) {
        if (value == null) {
            play.values().remove(name);
        } else {
            play.values().put(name, value);
        }
    }
}
