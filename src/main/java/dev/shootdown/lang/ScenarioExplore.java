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
import dev.shootdown.lang.tree.Statement;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Schedule;
import dev.shootdown.trace.Kind;
import dev.shootdown.trace.Listener;
import dev.shootdown.trace.Moment;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

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
        return request.replay() == null ? search() : replay(Setup.race(request.replay()), Setup.of(request.replay()));
    }

    private Stage stage(Choices choices) {
        return Stage.set(play, play.front(), play.scenarios().get(scenario), play.overrides(), false, choices);
    }

    /** The beginning of the race, on a machine where only what is asked for is watched. */
    private Engine begin(Setup setup) {
        Stage stage = stage(setup.choices());
        stage.engine().world().part(Checkers.class).watch(Claims.checks(stage.conditions()), false);
        return stage.engine();
    }

    /** From each of its setups. */
    private Status search() {
        Joined joined = new Joined();
        Bounds bounds = bounds();
        Meetings meetings = new Meetings();
        Choices choices = new Choices();
        do {
            Stage first = stage(choices);
            Setup setup = new Setup(choices.path());
            joined.add(setup, search(first, setup, left(bounds, joined), meetings));
        } while (joined.reach().stopped() != Reach.Cause.INTERRUPTED && choices.next() && goesOn(joined, bounds));
        play.front().progress("");
        show(joined);
        if (request.why()) {
            play.front().listing(met(meetings.list()));
        }
        return status(joined);
    }

    /** Bounds of states and of time are of all setups together. */
    private static Bounds left(Bounds bounds, Joined joined) {
        Bounds left = joined.isEmpty() || bounds.states() == Long.MAX_VALUE ? bounds : bounds.states(bounds.states() - joined.states());
        return joined.isEmpty() ? left : left.seconds(bounds.seconds() - joined.seconds());
    }

    private static boolean goesOn(Joined joined, Bounds bounds) {
        if (joined.size() == Choices.MOST) {
            throw Choices.tooMany(Span.whole("setup"));
        }
        if (joined.states() >= bounds.states()) {
            joined.stop(Reach.Cause.STATES, bounds.states());
            return false;
        }
        if (joined.seconds() >= bounds.seconds()) {
            joined.stop(Reach.Cause.TIME, (long) bounds.seconds());
            return false;
        }
        return true;
    }

    private Result search(Stage first, Setup setup, Bounds bounds, Meetings meetings) {
        List<Condition> conditions = Claims.of(first);
        Explorer explorer = new Explorer(() -> begin(setup), conditions).bounds(bounds).progress(new Told(play.front(), name(), bounds))
                .plain(request.plain() || first.holds()).factoring(!request.singly());
        explorer.threads(first.alone() ? 1 : request.threads() != null ? request.threads() : Runtime.getRuntime().availableProcessors());
        if (request.seed() != null) {
            explorer.seed(request.seed());
        }
        if (request.why()) {
            explorer.meetings(meetings);
        }
        return explorer.explore();
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
     * What the user sees while it goes on; his wish to stop is passed on. How much is left nobody knows before the end: a bound
     * says how much there can be at most, and how far the search has come is a guess.
     */
    private record Told(Front front, String name, Bounds bounds) implements Progress {
        private static final double MEGABYTE = 1 << 20;

        @Override
        public void at(String phase, Counts counts) {
            String most = bounds.states() == Long.MAX_VALUE ? "" : String.format(Locale.ROOT, " of at most %,d", bounds.states());
            front.progress(String.format(Locale.ROOT, "%s: %s, %,d states%s, %,.0f a second, depth %,d, %,.0f MB%s", name, phase, counts.states(),
                    most, counts.statesPerSecond(), counts.depth(), counts.bytes() / MEGABYTE, share(counts) + (phase.equals("search") ? left(counts) : "")));
        }

        private static String share(Counts counts) {
            return Double.isNaN(counts.share()) ? "" : String.format(Locale.ROOT, ", perhaps %.0f %%", 100 * counts.share());
        }

        /** What the bounds leave at this speed, in seconds; it may be over before. */
        private String left(Counts counts) {
            double states = counts.states() == 0 || bounds.states() == Long.MAX_VALUE ? Double.POSITIVE_INFINITY
                    : (bounds.states() - counts.states()) / counts.statesPerSecond();
            double left = Math.max(0, Math.min(states, bounds.seconds() - counts.seconds()));
            return Double.isInfinite(left) ? "" : String.format(Locale.ROOT, ", at most %,.0f s left", left);
        }

        @Override
        public void found(String written, String how, double seconds) {
            front.news(String.format(Locale.ROOT, "%s: %s is broken %s, seen after %.1f s; the search goes on", name, written, how,
                    seconds));
        }

        @Override
        public boolean interrupted() {
            return front.interrupted();
        }
    }

    // ---------------------------------------------------------------- what comes of it

    private void show(Joined joined) {
        List<Joined.Shown> shown = new ArrayList<>();
        for (int i = 0; i < joined.conditions(); i++) {
            shown.add(joined.shown(i));
        }
        if (shown.stream().allMatch(Objects::isNull)) {
            witness("", new Joined.Shown(joined.first(), null));
        }
        play.debugger().found(statement.scenario(), shown.stream().filter(Objects::nonNull).toList());
        for (int i = 0; i < joined.conditions(); i++) {
            if (shown.get(i) != null) {
                witness(joined.written(i), shown.get(i));
            }
            play.show(joined.event(name(), i));
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
    private void witness(String title, Joined.Shown run) {
        Stage stage = stage(run.setup().choices());
        Engine engine = stage.engine();
        Schedule schedule = run.choices() == null ? new Schedule.InOrder(stage.rows()) : new Schedule.ByHand(run.choices());
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

    private static Status status(Joined joined) {
        Status status = Status.HELD;
        for (int i = 0; i < joined.conditions(); i++) {
            status = status.and(switch (joined.holds(i)) {
                case YES -> Status.HELD;
                case NO -> Status.FAILED;
                case UNKNOWN -> Status.BOUND;
            });
        }
        return joined.reach().stopped() == Reach.Cause.INTERRUPTED ? status.and(Status.INTERRUPTED) : status;
    }

    /** A token leads to its position again: its events are shown, and what the conditions say there. */
    private Status replay(ReplayToken token, Setup setup) {
        refuseOther(setup);
        token.replay(() -> begin(setup));
        witness(request.replay(), new Joined.Shown(setup, token.choices()));
        return Status.HELD;
    }

    /** A token of another setup, or of none, is one of another scenario. */
    private void refuseOther(Setup setup) {
        Choices choices = setup.choices();
        stage(choices);
        if (!choices.path().equals(setup.taken()) || !choices.fits()) {
            throw new Refusal(Diagnostic.error("token-does-not-fit", Span.whole(request.replay()),
                    "the replay token does not fit: the setup of " + scenario + " has other choices")
                    .hint("replay it with the script and the version that it was made with"));
        }
    }
}
