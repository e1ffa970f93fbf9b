package dev.shootdown.lang;

import dev.shootdown.check.Checkers;
import dev.shootdown.explore.Bounds;
import dev.shootdown.explore.Condition;
import dev.shootdown.explore.Counts;
import dev.shootdown.explore.Explorer;
import dev.shootdown.explore.Meetings;
import dev.shootdown.explore.Progress;
import dev.shootdown.explore.Reach;
import dev.shootdown.explore.ReplayToken;
import dev.shootdown.explore.Result;
import dev.shootdown.explore.Verdict;
import dev.shootdown.lang.tree.Statement;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Schedule;
import dev.shootdown.trace.Kind;
import dev.shootdown.trace.Listener;
import dev.shootdown.trace.Moment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code explore SCENARIO}: all of its interleavings, what its conditions say of them, and the runs that show it. */
final class ScenarioExplore {
    private final Play play;
    private final Exploration request;
    private final String scenario;
    private final Statement.Explore statement;

    ScenarioExplore(Play play, Exploration request, Statement.Explore statement) {
        this.play = play;
        this.request = request;
        this.statement = statement;
        this.scenario = statement.scenario().text();
    }

    /** Once, with the play's own overrides. */
    Status explore() {
        return request.replay() == null ? search() : replay(ReplayToken.parse(request.replay()));
    }

    private Stage stage() {
        return Stage.set(play, play.scenarios().get(scenario), play.overrides(), false);
    }

    /** The beginning of the race, on a machine where only what is asked for is watched. */
    private Engine begin() {
        Stage stage = stage();
        stage.engine().world().part(Checkers.class).watch(Claims.checks(stage.conditions()), false);
        return stage.engine();
    }

    private Status search() {
        Stage first = stage();
        List<Condition> conditions = Claims.of(first);
        Bounds bounds = bounds();
        Explorer explorer = new Explorer(this::begin, conditions).bounds(bounds).progress(new Told(play.front(), name(), bounds))
                .plain(request.plain()).factoring(!request.singly());
        explorer.threads(request.threads() != null ? request.threads() : Runtime.getRuntime().availableProcessors());
        if (request.seed() != null) {
            explorer.seed(request.seed());
        }
        Meetings meetings = new Meetings();
        if (request.why()) {
            explorer.meetings(meetings);
        }
        Result result = explorer.explore();
        play.front().progress("");
        show(result);
        if (request.why()) {
            play.front().listing(met(meetings.list()));
        }
        return status(result);
    }

    private String name() {
        return scenario + play.overrides().suffix();
    }

    private Bounds bounds() {
        Bounds bounds = Bounds.none();
        Binding options = RunOptions.bind("explore", statement.scenario().at(), statement.options(), play.names());
        bounds = options.has("states") ? bounds.states(number(options, "states")) : bounds;
        bounds = options.has("depth") ? bounds.depth((int) number(options, "depth")) : bounds;
        bounds = options.has("preempt") ? bounds.preemptions((int) number(options, "preempt")) : bounds;
        bounds = request.states() == null ? bounds : bounds.states(request.states());
        bounds = request.seconds() == null ? bounds : bounds.seconds(request.seconds());
        bounds = request.memory() == null ? bounds : bounds.memory(request.memory());
        bounds = request.depth() == null ? bounds : bounds.depth(request.depth());
        return request.preempt() == null ? bounds : bounds.preemptions(request.preempt());
    }

    private long number(Binding options, String name) {
        return play.evaluator().number(options.get(name));
    }

    /**
     * What the user sees while it goes on; his wish to stop is passed on. How much is left is not known to a search of
     * this kind before its end: only a bound says how much there can be at most.
     */
    private record Told(Front front, String name, Bounds bounds) implements Progress {
        private static final double MEGABYTE = 1 << 20;

        @Override
        public void at(String phase, Counts counts) {
            String most = bounds.states() == Long.MAX_VALUE ? "" : String.format(Locale.ROOT, " of at most %,d", bounds.states());
            front.progress(String.format(Locale.ROOT, "%s: %s, %,d states%s, %,.0f a second, depth %,d, %,.0f MB", name, phase, counts.states(),
                    most, counts.statesPerSecond(), counts.depth(), counts.bytes() / MEGABYTE));
        }

        @Override
        public void found(String written, int preemptions, Counts counts) {
            front.progress(String.format(Locale.ROOT, "%s: %s is broken with %s; the search goes on", name, written,
                    preemptions == 0 ? "no preemption" : preemptions == 1 ? "one preemption" : preemptions + " preemptions"));
        }

        @Override
        public boolean interrupted() {
            return front.interrupted();
        }
    }

    // ---------------------------------------------------------------- what comes of it

    private void show(Result result) {
        boolean none = result.verdicts().stream().allMatch(verdict -> verdict.witness() == null);
        if (none) {
            witness("", null);
        }
        play.debugger().found(statement.scenario(), result.verdicts().stream()
                .filter(verdict -> verdict.witness() != null)
                .map(verdict -> verdict.witness().choices())
                .toList());
        for (Verdict verdict : result.verdicts()) {
            if (verdict.witness() != null) {
                witness(verdict.condition().written(), verdict.witness().choices());
            }
            play.show(verdict.event(name(), result));
        }
    }

    /** The most frequent meetings first; actors that never meet are searched in one order alone. */
    private Listing met(List<Meetings.Meeting> meetings) {
        List<List<String>> rows = meetings.stream()
                .map(one -> List.of(Long.toString(one.count()), one.actor(), one.step(), one.other(), one.cell()))
                .toList();
        return rows.isEmpty() ? Listing.lines("", List.of(name() + ": no step met anybody"))
                : new Listing(name() + ": who met whom, in how many states", List.of("states", "actor", "step", "met", "on"), rows);
    }

    /** The events of a run: by its choices, or in order where there are none. */
    private void witness(String title, List<Choice> choices) {
        Stage stage = stage();
        Engine engine = stage.engine();
        Schedule schedule = choices == null ? new Schedule.InOrder(stage.rows()) : new Schedule.ByHand(choices);
        List<Moment> moments = listen(engine, play.front().kinds());
        for (Choice choice = schedule.next(engine); choice != null; choice = schedule.next(engine)) {
            engine.step(choice);
        }
        play.onStage(stage.play());
        play.front().witness(title, moments);
    }

    /** What is going to happen on a machine, of the kinds that a front shows. */
    static List<Moment> listen(Engine engine, long shown) {
        List<Moment> moments = new ArrayList<>();
        long kinds = shown & ~(Kind.PRINT.bit() | Kind.VERDICT.bit());
        engine.trace().add(new Listener() {
            @Override
            public long kinds() {
                return kinds;
            }

            @Override
            public void on(Moment moment) {
                moments.add(moment);
            }
        });
        return moments;
    }

    private static Status status(Result result) {
        Status status = Status.HELD;
        for (Verdict verdict : result.verdicts()) {
            status = status.and(switch (verdict.holds()) {
                case YES -> Status.HELD;
                case NO -> Status.FAILED;
                case UNKNOWN -> Status.BOUND;
            });
        }
        return result.reach().stopped() == Reach.Cause.INTERRUPTED ? status.and(Status.INTERRUPTED) : status;
    }

    /** A token leads to its position again: its events are shown, and what the conditions say there. */
    private Status replay(ReplayToken token) {
        token.replay(this::begin);
        witness(request.replay(), token.choices());
        return Status.HELD;
    }
}
