package dev.shootdown.lang;

import dev.shootdown.lang.tree.Identifier;
import dev.shootdown.lang.tree.Script;
import dev.shootdown.lang.tree.Statement;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * All that a request wants explored of a script: each scenario with each kernel, driver and vendor. They need nothing of each other
 * and are searched side by side, as far as there are threads.
 */
final class Matrix {
    private final Front front;
    private final Fence javascript;
    private final Script script;
    private final Exploration request;
    private final Consumer<Play> stage;

    /** @param stage is told whose names are those of what is shown next */
    Matrix(Front front, Fence javascript, Script script, Exploration request, Consumer<Play> stage) {
        this.stage = stage;
        this.front = front;
        this.javascript = javascript;
        this.script = script;
        this.request = request;
    }

    Status explore(List<Identifier> scenarios) {
        return request.replay() == null ? search(scenarios) : replay(scenarios);
    }

    private Play play(Front shown, Overrides overrides) {
        Play play = new Play(shown, overrides, new Inclusions(), javascript);
        play.learn(script.statements());
        return play;
    }

    private Status search(List<Identifier> scenarios) {
        List<Overrides> all = Overrides.of(request);
        int threads = request.threads() != null ? request.threads() : Runtime.getRuntime().availableProcessors();
        Exploration each = request.threads(Math.max(1, threads / (all.size() * scenarios.size())));
        List<Abreast.Task<Status>> tasks = new ArrayList<>();
        for (Overrides overrides : all) {
            scenarios.forEach(scenario -> tasks.add(shown -> search(shown, play(shown, overrides), scenario, each)));
        }
        Status status = Status.HELD;
        for (Status one : Abreast.run(front, stage, threads, tasks)) {
            status = one == null ? status : status.and(one);
        }
        return front.interrupted() ? status.and(Status.INTERRUPTED) : status;
    }

    private static Status search(Backlog shown, Play play, Identifier scenario, Exploration request) {
        shown.names(play::onStage);
        try {
            return explore(play, scenario, request);
        } catch (Refusal refusal) {
            play.front().diagnostic(refusal.diagnostic());
            return Status.FAILED;
        }
    }

    /** A token is of one scenario: the first that it fits. */
    private Status replay(List<Identifier> scenarios) {
        Status status = Status.HELD;
        for (Overrides overrides : Overrides.of(request)) {
            Play play = play(front, overrides);
            stage.accept(play);
            status = status.and(replay(play, scenarios));
        }
        return status;
    }

    private Status replay(Play play, List<Identifier> scenarios) {
        Diagnostic misfit = null;
        for (Identifier scenario : scenarios) {
            try {
                return explore(play, scenario, request);
            } catch (Refusal refusal) {
                misfit = misfit == null ? refusal.diagnostic() : misfit;
            }
        }
        front.diagnostic(misfit);
        return misfit.code().equals("bad-token") ? Status.REFUSED : Status.FAILED;
    }

    private static Status explore(Play play, Identifier scenario, Exploration request) {
        try {
            Statement.Explore statement = new Statement.Explore(scenario, List.of(), scenario.at());
            return new ScenarioExplore(play, request, statement).explore();
        } catch (Ended ended) {
            return ended.status();
        }
    }
}
