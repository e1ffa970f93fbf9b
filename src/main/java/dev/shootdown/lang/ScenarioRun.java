package dev.shootdown.lang;

import dev.shootdown.check.Checkers;
import dev.shootdown.explore.Condition;
import dev.shootdown.explore.Quantifier;
import dev.shootdown.lang.tree.Statement;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Schedule;
import dev.shootdown.sim.World;
import dev.shootdown.trace.Event;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import java.util.List;

/** {@code run SCENARIO}: one run of it, in order or by seed, and what its conditions say of that run. */
final class ScenarioRun {
    private final Play play;
    private final Statement.Run statement;

    ScenarioRun(Play play, Statement.Run statement) {
        this.play = play;
        this.statement = statement;
    }

    Status run() {
        Play.Scripted scripted = play.scenarios().get(statement.scenario().text());
        Stage stage = Stage.set(play, scripted, play.overrides(), true);
        play.onStage(stage.play());
        List<Condition> conditions = Claims.of(stage);
        boolean[] happened = race(stage, conditions);
        return verdicts(stage, conditions, happened);
    }

    private Schedule schedule(Stage stage) {
        Binding options = RunOptions.bind("run", statement.scenario().at(), statement.options(), play.names());
        return options.has("seed") ? new Schedule.Seeded(play.evaluator().number(options.get("seed"))) : new Schedule.InOrder(stage.rows());
    }

    /** Runs the race; returns for each condition whether it was true at any step, {@code always} whether at each. */
    private boolean[] race(Stage stage, List<Condition> conditions) {
        Engine engine = stage.engine();
        boolean[] happened = new boolean[conditions.size()];
        for (int i = 0; i < happened.length; i++) {
            happened[i] = conditions.get(i).quantifier() == Quantifier.ALWAYS;
        }
        Schedule schedule = schedule(stage);
        note(conditions, happened, engine.world());
        for (Choice choice = schedule.next(engine); choice != null; choice = schedule.next(engine)) {
            stage.executor().runner().step(engine, choice);
            note(conditions, happened, engine.world());
        }
        engine.world().part(Checkers.class).end();
        note(conditions, happened, engine.world());
        return happened;
    }

    private static void note(List<Condition> conditions, boolean[] happened, World world) {
        for (int i = 0; i < happened.length; i++) {
            switch (conditions.get(i).quantifier()) {
                case FORBID -> happened[i] |= conditions.get(i).value().applyAsLong(world) != 0;
                case ALWAYS -> happened[i] &= conditions.get(i).value().applyAsLong(world) != 0;
                case EXPECT, EXISTS -> happened[i] = conditions.get(i).value().applyAsLong(world) != 0;
                case MAXIMUM, MINIMUM -> { }
            }
        }
    }

    private Status verdicts(Stage stage, List<Condition> conditions, boolean[] happened) {
        Status status = Status.HELD;
        for (int i = 0; i < happened.length; i++) {
            Condition condition = conditions.get(i);
            boolean measures = condition.quantifier().measures();
            boolean holds = measures || happened[i] != (condition.quantifier() == Quantifier.FORBID);
            boolean open = !holds && condition.quantifier() == Quantifier.EXISTS;
            Long value = measures ? Long.valueOf(condition.value().applyAsLong(stage.engine().world())) : null;
            play.show(new Event.Verdict(statement.scenario().text(), condition.written(), measures || happened[i] ? "Always" : "Never", holds,
                    false, 0, stage.engine().steps(), 1, happened[i] || measures ? 1L : 0L, null, null, value));
            status = holds || open ? status : status.and(Status.FAILED);
        }
        refuseDeadlock(stage, conditions);
        return status;
    }

    /** A race that cannot end is a finding, unless that is what the scenario is about. */
    private void refuseDeadlock(Stage stage, List<Condition> conditions) {
        boolean asked = conditions.stream().anyMatch(condition -> condition.written().contains("deadlock"));
        if (stage.engine().deadlocked() && !asked) {
            throw new Refusal(Diagnostic.error("deadlock", statement.at(),
                    "nobody can move, and not all have come to their end"));
        }
    }
}
