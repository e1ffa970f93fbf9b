package dev.shootdown.lang;

import dev.shootdown.check.Check;
import dev.shootdown.check.Checkers;
import dev.shootdown.driver.Binding;
import dev.shootdown.driver.Driver;
import dev.shootdown.explore.Bounds;
import dev.shootdown.explore.Condition;
import dev.shootdown.explore.Explorer;
import dev.shootdown.explore.Quantifier;
import dev.shootdown.explore.Reach;
import dev.shootdown.explore.Verdict;
import dev.shootdown.machine.Machine;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Site;
import dev.shootdown.trace.Moment;
import dev.shootdown.vocabulary.Refusal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A scenario on which mutants are tried: what it claims and holds unmutated, and which steps it takes that are there for
 * safety. That nobody is stuck for ever is claimed by every scenario here.
 */
final class Trial {
    /** How many states a mutant may have for each one that the scenario has unmutated, and at least. */
    private static final long TIMES = 20;
    private static final long LEAST = 20_000;
    private static final Condition NO_DEADLOCK = Condition.lasting(
            "forbid deadlock", Quantifier.FORBID, world -> world.part(Checkers.class).happened(Check.DEADLOCK));

    /**
     * What came of a mutant.
     *
     * @param condition the one that it violates; null where nobody noticed
     * @param reach     how far the search came that noticed nothing
     * @param witness   a run that violates it; null where there is none to show
     * @param token     the same as text
     */
    record Finding(String condition, Reach reach, Joined.Shown witness, String token) {
        boolean noticed() {
            return condition != null;
        }

        /** Whether no condition noticed but the model, which could not go on. */
        boolean brokenDown() {
            return noticed() && reach == null;
        }
    }

    /** Above its machines; one of them is set up at a time. */
    private final Play play;
    private final String scenario;
    private final Bounds bounds;
    private final List<Condition> held = new ArrayList<>();
    private final Set<Site> sites = new HashSet<>();
    private final Set<Alteration.Change> changes = new HashSet<>();
    private final Set<Driver> drivers = new HashSet<>();
    private final List<Setup> setups = new ArrayList<>();
    private final boolean putsOff;
    private final boolean holding;
    private final long states;

    /**
     * Explores the scenario unmutated.
     *
     * @param shown who is told how it goes
     * @param asked bounds; of the states, the largest number if none was asked for
     */
    Trial(Play play, Front shown, String scenario, Bounds asked) {
        this.play = play;
        this.scenario = scenario;
        Choices choices = new Choices();
        Stage stage = stage(shown, new Alteration.Survey(sites, changes), choices);
        Machine machine = stage.play().machine();
        machine.drivers().all().stream().map(Binding::driver).forEach(drivers::add);
        this.putsOff = !machine.version().contract().rangeStandsAlone();
        this.holding = stage.holds();
        List<Condition> conditions = conditions(stage);
        Joined joined = new Joined();
        do {
            Setup setup = next(shown, choices);
            joined.add(setup, new Explorer(() -> begin(shown, new Alteration.Survey(sites, changes), setup), conditions).bounds(asked).shortening(false)
                    .plain(holding).progress(new FirstViolation(shown, scenario)).explore());
        } while (choices.next());
        for (int i = 0; i < conditions.size(); i++) {
            if (holds(conditions.get(i), joined.holds(i))) {
                held.add(conditions.get(i));
            }
        }
        this.states = joined.states();
        this.bounds = asked.states() == Long.MAX_VALUE ? asked.states(Math.max(LEAST, TIMES * states)) : asked;
    }

    /** Another way through the setup. */
    private Setup next(Front shown, Choices choices) {
        if (!setups.isEmpty()) {
            stage(shown, new Alteration.Survey(sites, changes), choices);
        }
        setups.add(new Setup(choices.path()));
        return setups.getLast();
    }

    private static boolean holds(Condition condition, Verdict.Holds holds) {
        return !condition.quantifier().measures() && switch (holds) {
            case YES -> true;
            case NO -> false;
            case UNKNOWN -> condition.quantifier() != Quantifier.EXISTS;
        };
    }

    private static List<Condition> conditions(Stage stage) {
        List<Condition> all = new ArrayList<>(Claims.of(stage));
        if (all.stream().noneMatch(condition -> condition.written().equals(NO_DEADLOCK.written()))) {
            all.add(NO_DEADLOCK);
        }
        return all;
    }

    private Stage stage(Front shown, Alteration alteration, Choices choices) {
        synchronized (play) {
            return Stage.set(play, shown, play.scenarios().get(scenario), play.overrides().altered(alteration), false, choices);
        }
    }

    private Engine begin(Front shown, Alteration alteration, Setup setup) {
        return armed(stage(shown, alteration, setup.choices()));
    }

    private static Engine armed(Stage stage) {
        Set<Check> checks = Claims.checks(stage.conditions());
        checks.add(Check.DEADLOCK);
        stage.engine().world().part(Checkers.class).watch(checks, false);
        stage.play().arm();
        return stage.engine();
    }

    // ---------------------------------------------------------------- what it is

    String scenario() {
        return scenario;
    }

    /** How many states it has unmutated, in a reduced search. */
    long states() {
        return states;
    }

    /** Where it takes steps that are there for safety. */
    Set<Site> sites() {
        return sites;
    }

    /** What can be changed of what drivers ask for that are functions. */
    Set<Alteration.Change> changes() {
        return changes;
    }

    /** The drivers that are bound when its race begins. */
    Set<Driver> drivers() {
        return drivers;
    }

    /** Whether its kernel version lets a driver have an end callback beside any other. */
    boolean putsOff() {
        return putsOff;
    }

    // ---------------------------------------------------------------- mutants

    /** Searches until the first violation. A model that breaks down under a mutant has noticed it. */
    Finding explore(Backlog shown, Alteration alteration) {
        try {
            Joined joined = new Joined();
            int violated = -1;
            for (Setup setup : setups) {
                FirstViolation first = new FirstViolation(shown, scenario);
                joined.add(setup, new Explorer(() -> begin(shown, alteration, setup), held.stream().map(first::watch).toList()).bounds(bounds)
                        .plain(holding).progress(first).explore());
                violated = violated(joined, joined.size() == setups.size());
                if (violated >= 0) {
                    break;
                }
            }
            return violated < 0 ? new Finding(null, joined.reach(), null, null) : new Finding(joined.written(violated), joined.reach(),
                    joined.shown(violated), joined.event(scenario, violated).witness());
        } catch (Refusal refusal) {
            throw refusal;
        } catch (RuntimeException brokenDown) {
            return new Finding("no oops: " + brokenDown.getClass().getSimpleName(), null, null, null);
        }
    }

    /** The first condition that is violated, or -1; that something is possible is violated only when all setups were tried. */
    private int violated(Joined joined, boolean all) {
        for (int i = 0; i < held.size(); i++) {
            if (joined.holds(i) == Verdict.Holds.NO && (all || held.get(i).quantifier() != Quantifier.EXISTS)) {
                return i;
            }
        }
        return -1;
    }

    /** Shows the events of a run under a mutant. */
    void replay(Backlog shown, String title, Alteration alteration, Joined.Shown run) {
        Stage stage = stage(shown, alteration, run.setup().choices());
        Engine engine = armed(stage);
        List<Moment> moments = ScenarioExplore.listen(engine, shown.kinds());
        run.choices().forEach(engine::step);
        shown.names(stage::play);
        shown.witness(title, moments);
    }
}
