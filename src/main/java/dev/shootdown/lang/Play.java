package dev.shootdown.lang;

import dev.shootdown.check.Checkers;
import dev.shootdown.driver.Driver;
import dev.shootdown.lang.tree.Declaration;
import dev.shootdown.lang.tree.Statement;
import dev.shootdown.lang.value.Value;
import dev.shootdown.lang.word.ThisMachine;
import dev.shootdown.machine.Configuration;
import dev.shootdown.machine.Machine;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Mutation;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Listener;
import dev.shootdown.trace.Moment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One machine, with what a script has named on it and is doing with it. The machine is made when it is first needed. */
final class Play {
    private final Front front;
    private final Overrides overrides;
    private final Inclusions inclusions;
    private final Fence javascript;
    private final Map<String, Value> values = new HashMap<>();
    private final Map<String, Driver> drivers = new HashMap<>();
    private final Map<String, Scripted> scenarios = new LinkedHashMap<>();
    private final List<Statement> history = new ArrayList<>();
    private final Set<Actor> inFlight = new LinkedHashSet<>();
    private final Set<Actor> held = new LinkedHashSet<>();
    private Configuration configuration = Configuration.standard();
    private Names names = new Names();
    private Machine machine;
    private Armed armed;
    private Program program;
    private Probes probes;
    private Play onStage = this;
    private final Recorder recorder = new Recorder(this);
    private Debugger debugger = new Debugger(this);
    private Choices choices;
    private boolean hushed;
    private long counted;

    /**
     * A scenario with where it was declared.
     *
     * @param above how many statements of the history stand above it
     */
    record Scripted(Declaration.Scenario scenario, int above) {}

    Play(Front front, Overrides overrides, Inclusions inclusions, Fence javascript) {
        this.javascript = javascript;
        this.front = front;
        this.overrides = overrides;
        this.inclusions = inclusions;
    }

    Front front() {
        return front;
    }

    Overrides overrides() {
        return overrides;
    }

    Inclusions inclusions() {
        return inclusions;
    }

    /** Who carries out fences. */
    Fence javascript() {
        return javascript;
    }

    /** What names stand for, where they stand for values. */
    Map<String, Value> values() {
        return values;
    }

    /** The drivers that scripts brought along. */
    Map<String, Driver> drivers() {
        return drivers;
    }

    Map<String, Scripted> scenarios() {
        return scenarios;
    }

    /** The statements that were carried out at the top, in order. */
    List<Statement> history() {
        return history;
    }

    /** Takes over what a script says, without carrying anything out: each scenario with what stands above it. */
    void learn(List<Statement> statements) {
        for (Statement statement : statements) {
            if (statement instanceof Declaration.Scenario scenario) {
                scenarios.put(scenario.name().text(), new Scripted(scenario, history.size()));
            }
            history.add(statement);
        }
    }

    Names names() {
        return names;
    }

    void names(Names next) {
        names = next;
    }

    /** Actors that were left in flight. */
    Set<Actor> inFlight() {
        return inFlight;
    }

    /** Actors in the middle of whose steps a probe runs. */
    Set<Actor> held() {
        return held;
    }

    /** Whose names are those of what is shown: its own, or those of the scenario that was run last. */
    Play onStage() {
        return onStage;
    }

    void onStage(Play play) {
        onStage = play;
    }

    // ---------------------------------------------------------------- the machine

    /** Which kinds of events are counted, from the beginning. */
    void count(long kinds) {
        counted |= kinds;
        if (machine != null) {
            machine.world().part(EventCounts.class).want(counted);
        }
    }

    void configure(Configuration next) {
        configuration = next;
    }

    boolean hasMachine() {
        return machine != null;
    }

    Machine machine() {
        if (machine == null) {
            compose();
        }
        return machine;
    }

    private void compose() {
        Mutation mutation = overrides.alteration() == null ? null : overrides.alteration().mutation();
        armed = mutation == null ? null : new Armed(mutation);
        machine = new Machine(overrides.kernel() == null ? configuration : configuration.kernel(overrides.kernel()), armed);
        machine.world().install(new ThisMachine(machine));
        Checkers.of(machine);
        new EventCounts(machine.world(), machine.trace()).want(counted);
        program = new Program(machine, new Evaluator(machine, values, Choices.always()));
        probes = new Probes(machine.trace());
        machine.trace().add(new Listener() {
            @Override
            public long kinds() {
                return front.kinds();
            }

            @Override
            public void on(Moment moment) {
                if (!hushed) {
                    front.event(moment);
                }
            }
        });
        recorder.tape(recorder.taping());
    }

    /** What an experiment alters is altered from here on. */
    void arm() {
        if (armed != null) {
            armed.arm();
        }
    }

    /** What was done on the machine. */
    Recorder recorder() {
        return recorder;
    }

    /** Who stops runs, and goes back and forth in them. */
    Debugger debugger() {
        return debugger;
    }

    void debugger(Debugger other) {
        debugger = other;
    }

    /** Whether what happens is not shown: it was shown before. */
    void hush(boolean so) {
        hushed = so;
    }

    Program program() {
        machine();
        return program;
    }

    Probes probes() {
        machine();
        return probes;
    }

    /** Works out expressions with the names as they are now. */
    Evaluator evaluator() {
        return new Evaluator(machine(), values, choices == null ? Choices.always() : choices);
    }

    /** Which way free choices are taken in the setup of a scenario; null elsewhere, where it is the first one. */
    Choices choices() {
        return choices;
    }

    void choices(Choices next) {
        choices = next;
    }

    Planner planner() {
        return new Planner(machine(), names, values);
    }

    /** Shows an event that no step emitted. */
    void show(Event event) {
        if ((front.kinds() & event.kind().bit()) != 0) {
            front.event(new Moment(machine == null ? 0 : machine.engine().steps(), "", event));
        }
    }
}
