package dev.shootdown.lang;

import dev.shootdown.lang.tree.Condition;
import dev.shootdown.lang.tree.Declaration;
import dev.shootdown.lang.tree.Statement;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Engine;
import java.util.ArrayList;
import java.util.List;

/**
 * A scenario on a machine of its own, at the beginning of its race: the statements above it have been carried out, then
 * its setup, and the rows of the race lie on their actors' agendas.
 *
 * @param play       its machine, with what is named on it
 * @param executor   who may go on with it
 * @param rows       the race's actors, in order
 * @param conditions what is claimed and asked of it
 */
record Stage(Play play, Executor executor, List<Actor> rows, List<Condition.Quantified> conditions) {
    Stage {
        rows = List.copyOf(rows);
        conditions = List.copyOf(conditions);
    }

    /**
     * Sets a scenario up.
     *
     * @param front   who is shown what there is to see
     * @param shown   whether what its setup does is shown, and probes are set; what is above it is not shown
     * @param choices how the free choices of its setup are taken
     */
    static Stage set(Play above, Front front, Play.Scripted scripted, Overrides overrides, boolean shown, Choices choices) {
        Curtain curtain = new Curtain(front);
        Play play = new Play(curtain, overrides, above.inclusions(), above.javascript());
        play.debugger(above.debugger());
        play.count(Counted.kinds(scripted.scenario().body()));
        Executor executor = new Executor(play);
        for (Statement statement : above.history().subList(0, scripted.above())) {
            if (belongs(statement, shown)) {
                executor.top(statement, Checker.Where.TOP);
            }
        }
        if (shown) {
            curtain.open();
            play.machine().trace().count();
        }
        return prepare(scripted.scenario(), play, executor, choices);
    }

    /** What only looks, or runs another scenario, is left out; so are probes where nobody looks. */
    private static boolean belongs(Statement statement, boolean shown) {
        return switch (statement) {
            case Statement.Run run -> false;
            case Statement.Explore explore -> false;
            case Statement.Print print -> false;
            case Statement.Command command -> false;
            case Statement.Help help -> false;
            case Statement.Why why -> false;
            case Statement.Fence fence -> false;
            case Condition.Quantified now -> false;
            case Statement.Probe probe -> shown;
            default -> true;
        };
    }

    private static Stage prepare(Declaration.Scenario scenario, Play play, Executor executor, Choices choices) {
        List<Condition.Quantified> conditions = new ArrayList<>();
        List<Actor> rows = List.of();
        for (Statement statement : scenario.body()) {
            switch (statement) {
                case Condition.Quantified condition -> conditions.add(condition);
                case Statement.Race race -> rows = race(race, play, executor);
                default -> {
                    play.choices(choices);
                    executor.top(statement, Checker.Where.SCENARIO);
                    play.choices(null);
                }
            }
        }
        return new Stage(play, executor, rows, conditions);
    }

    private static List<Actor> race(Statement.Race race, Play play, Executor executor) {
        executor.know(race, Checker.Where.SCENARIO);
        Rows rows = new Rows(play);
        rows.race(race.rows());
        Engine engine = play.machine().engine();
        rows.steps().forEach(engine::assign);
        return List.copyOf(rows.steps().keySet());
    }

    /** From now on what happens is shown. */
    void reveal() {
        ((Curtain) play.front()).open();
        play.machine().trace().count();
    }

    /** Whether blocks of {@code at} hold somebody in its race: a reduced search does not know of that. */
    boolean holds() {
        return play.program().stops() != null;
    }

    /** Whether its machine has drivers that are functions: those are not called by several threads. */
    boolean alone() {
        return play.machine().drivers().asks();
    }

    Engine engine() {
        return play.machine().engine();
    }
}
