package dev.shootdown.sim;

import dev.shootdown.trace.Trace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Takes steps: the one place where a step runs, whoever chose it. */
public final class Engine {
    private final World world;
    private final Trace trace;
    private final List<Actor> actors = new ArrayList<>();
    private final Cell steps;
    private final Turn turn;

    public Engine(World world, Trace trace) {
        this(world, trace, null);
    }

    /** @param mutation what comes between a step and those that it takes; null for nothing */
    public Engine(World world, Trace trace, Mutation mutation) {
        this.turn = new Turn(this, mutation);
        this.world = world;
        this.trace = trace;
        this.steps = world.cell("engine.steps", Role.REMARK);
    }

    public World world() {
        return world;
    }

    public Trace trace() {
        return trace;
    }

    /** Adds an actor; its number is its place in {@link #actors}. */
    public Actor actor(String name) {
        Actor actor = new Actor(world, actors.size(), name);
        actors.add(actor);
        return actor;
    }

    public List<Actor> actors() {
        return Collections.unmodifiableList(actors);
    }

    /** The actor of this name, or null. */
    public Actor find(String name) {
        for (Actor actor : actors) {
            if (actor.name().equals(name)) {
                return actor;
            }
        }
        return null;
    }

    /** Gives an actor work behind what it has still to do. Between two steps only. */
    public void assign(Actor actor, List<? extends Step> work) {
        List<Step> all = Agenda.steps(actor.agenda());
        all.addAll(work);
        actor.agenda(Agenda.of(all, null));
    }

    /** Gives an actor work before what it has still to do: what a probe runs. Between two steps only. */
    public void interpose(Actor actor, List<? extends Step> work) {
        actor.agenda(Agenda.of(work, actor.agenda()));
    }

    /** Puts an agenda in the place of an actor's: what had been given to it, when a run is gone through again. Between two steps only. */
    public void agenda(Actor actor, Agenda agenda) {
        actor.agenda(agenda);
    }

    /** Puts a step before all that the step which runs leaves its actor to do: for who hears of an event, and stops the actor there. */
    public void before(Step step) {
        turn.before(step);
    }

    /** How many steps have been taken. */
    public long steps() {
        return steps.get();
    }

    /** Whether the actor has something to do and may do it now. */
    public boolean ready(Actor actor) {
        Agenda agenda = actor.agenda();
        return agenda != null && agenda.head().ready(world);
    }

    /** How many ways the actor's next step has to go on. */
    public int choices(Actor actor) {
        return actor.agenda().head().choices(world);
    }

    /** Whether the actor has nothing to do, or waits for work. */
    public boolean idle(Actor actor) {
        Agenda agenda = actor.agenda();
        return agenda == null || agenda.head().idle();
    }

    /** Whether nobody can move. */
    public boolean quiet() {
        for (int i = 0; i < actors.size(); i++) {
            if (ready(actors.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether nobody can move although somebody still has something to do. */
    public boolean deadlocked() {
        return quiet() && !actors.stream().allMatch(this::idle);
    }

    /** Lets the actor take its next step, which must be ready. */
    public void step(Actor actor, int alternative) {
        steps.add(1);
        stepUncounted(actor, alternative);
    }

    /** The same without its being counted, so that what the step does follows from what it finds alone. */
    void stepUncounted(Actor actor, int alternative) {
        Agenda agenda = actor.agenda();
        Step head = agenda.head();
        turn.begin(actor, head, agenda.tail(), alternative);
        head.run(turn);
        actor.agenda(turn.agenda());
    }

    public void step(Choice choice) {
        step(actors.get(choice.actor()), choice.alternative());
    }
}
