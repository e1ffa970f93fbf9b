package dev.shootdown.lang;

import dev.shootdown.check.Checkers;
import dev.shootdown.explore.Condition;
import dev.shootdown.explore.Quantifier;
import dev.shootdown.lang.tree.Identifier;
import dev.shootdown.lang.tree.Statement;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Schedule;
import dev.shootdown.trace.Event;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import java.util.List;

/** One run of a scenario: in order, by seed, or along a witness; and what its conditions say of that run. */
final class ScenarioRun {
    private final Play play;
    private final Identifier scenario;

    ScenarioRun(Play play, Identifier scenario) {
        this.play = play;
        this.scenario = scenario;
    }

    /** {@code run SCENARIO}. It may stand still at a break. */
    void run(Statement.Run statement) {
        Stage stage = stage(true, choices(statement));
        stage.executor().runner().race(schedule(stage, statement), stage.rows(), () -> end(stage));
    }

    private Stage stage(boolean probes, Choices choices) {
        Stage stage = Stage.set(play, play.front(), play.scenarios().get(scenario.text()), play.overrides(), probes, choices);
        play.onStage(stage.play());
        play.debugger().stage(stage);
        stage.play().recorder().claims().claim(Claims.of(stage), stage.engine().world());
        stage.play().recorder().tape(play.debugger().wanted());
        return stage;
    }

    private Schedule schedule(Stage stage, Statement.Run statement) {
        Long seed = seed(statement);
        return seed == null ? new Schedule.InOrder(stage.rows()) : new Schedule.Seeded(seed);
    }

    private Choices choices(Statement.Run statement) {
        Long seed = seed(statement);
        return seed == null ? Setup.FIRST.choices() : Choices.any(seed);
    }

    /** Null where it is run in order. */
    private Long seed(Statement.Run statement) {
        Binding options = RunOptions.bind("run", scenario.at(), statement.options(), play.names());
        return options.has("seed") ? play.evaluator().number(options.get("seed")) : null;
    }

    /** Goes along a witness, unseen, and stands behind its last step. From there on the run is one in order. */
    void enter(Joined.Shown shown) {
        Stage stage = stage(false, shown.setup().choices());
        stage.reveal();
        Recorder recorder = stage.play().recorder();
        Runner runner = stage.executor().runner();
        recorder.begin(runner, new Schedule.InOrder(stage.rows()), stage.rows(), () -> end(stage));
        recorder.heed(false);
        stage.play().hush(true);
        try {
            shown.choices().forEach(choice -> runner.step(stage.engine(), choice));
        } finally {
            stage.play().hush(false);
            recorder.heed(true);
        }
    }

    /** How often a run by seed is looked at, where one in order shows no obstacle but the order. */
    private static final int SEEDS = 8;

    /** {@code why not} behind an exploration that has nothing to show: of the first run in which most stood in the way. */
    void whyNot(Statement.Why why) {
        WhyNot most = null;
        int seed = 0;
        for (int i = 0; i <= SEEDS; i++) {
            WhyNot found = new WhyNot(rehearse(i), why).look();
            if (most == null || found.weight() > most.weight()) {
                most = found;
                seed = i;
            }
        }
        rehearse(seed);
        most.tell(play.front(), told(seed));
    }

    private String told(int seed) {
        return scenario.text() + (seed == 0 ? ": of the run in order" : ": of the run seed=" + seed);
    }

    /** Goes through a whole run, unseen; 0 is the one in order. */
    private Recorder rehearse(int seed) {
        Stage stage = stage(false, seed == 0 ? Setup.FIRST.choices() : Choices.any(seed));
        Recorder recorder = stage.play().recorder();
        Schedule schedule = seed == 0 ? new Schedule.InOrder(stage.rows()) : new Schedule.Seeded(seed);
        recorder.heed(false);
        stage.play().hush(true);
        try {
            stage.executor().runner().race(schedule, stage.rows(), () -> stage.engine().world().part(Checkers.class).end());
        } finally {
            stage.play().hush(false);
            recorder.heed(true);
        }
        return recorder;
    }

    // ---------------------------------------------------------------- what comes of it

    private void end(Stage stage) {
        Recorder recorder = stage.play().recorder();
        Checkers checkers = stage.engine().world().part(Checkers.class);
        if (stage.executor().runner().circled()) {
            checkers.cycle();
        } else {
            checkers.end();
        }
        recorder.claims().note(stage.engine().world());
        recorder.late();
        verdicts(stage, recorder.claims().conditions(), recorder.claims().values());
    }

    private void verdicts(Stage stage, List<Condition> conditions, boolean[] happened) {
        long ends = stage.executor().runner().circled() ? 0 : 1;
        for (int i = 0; i < happened.length; i++) {
            Condition condition = conditions.get(i);
            boolean measures = condition.quantifier().measures();
            boolean holds = measures || happened[i] != (condition.quantifier() == Quantifier.FORBID);
            boolean open = !holds && condition.quantifier() == Quantifier.EXISTS;
            Long value = measures ? Long.valueOf(condition.value().applyAsLong(stage.engine().world())) : null;
            play.show(new Event.Verdict(scenario.text(), condition.written(), measures || happened[i] ? "Always" : "Never", holds,
                    false, "1 run", 0, stage.engine().steps(), ends, happened[i] || measures ? 1L : 0L, null, null, null, null, value));
            play.debugger().note(holds || open ? Status.HELD : Status.FAILED);
        }
        refuseEndless(stage, conditions);
    }

    /** A race that cannot end is a finding, unless that is what the scenario is about. */
    private void refuseEndless(Stage stage, List<Condition> conditions) {
        if (stage.executor().runner().circled() && !asks(conditions, "livelock")) {
            throw new Refusal(Diagnostic.error("livelock", scenario.at(), "this run comes back to where it was, for ever"));
        }
        if (stage.engine().deadlocked() && !asks(conditions, "deadlock")) {
            throw new Refusal(Diagnostic.error("deadlock", scenario.at(),
                    "nobody can move, and not all have come to their end"));
        }
    }

    private static boolean asks(List<Condition> conditions, String check) {
        return conditions.stream().anyMatch(condition -> condition.written().contains(check));
    }
}
