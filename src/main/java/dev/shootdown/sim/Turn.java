package dev.shootdown.sim;

import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import dev.shootdown.vocabulary.Errno;
import dev.shootdown.vocabulary.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What a step sees while it runs: its World, its actor, and the ways to say what comes of it. */
public final class Turn {
    private final Engine engine;
    /** Null but for experiments. */
    private final Mutation mutation;
    private Actor actor;
    /** The step that runs. */
    private Step running;
    private Agenda agenda;
    private int choice;
    /** What comes before all that the step leaves to be done, in order. */
    private final List<Step> before = new ArrayList<>();

    Turn(Engine engine, Mutation mutation) {
        this.engine = engine;
        this.mutation = mutation;
    }

    void begin(Actor who, Step step, Agenda rest, int chosen) {
        actor = who;
        running = step;
        agenda = rest;
        choice = chosen;
    }

    Agenda agenda() {
        if (!before.isEmpty()) {
            agenda = Agenda.of(before, agenda);
            before.clear();
        }
        return agenda;
    }

    void before(Step step) {
        before.add(step);
    }

    public World world() {
        return engine.world();
    }

    public <T> T part(Class<T> type) {
        return engine.world().part(type);
    }

    public Actor actor() {
        return actor;
    }

    /** Which of the step's {@link Step#choices} this is, from 0. */
    public int choice() {
        return choice;
    }

    /** Puts a step in front of what the actor has still to do. Several calls: the last one comes first. */
    public void then(Step step) {
        agenda = mutation == null ? new Agenda(step, agenda) : mutation.put(step, running, agenda);
    }

    /** Puts steps, in this order, in front of what the actor has still to do. */
    public void then(Step first, Step... more) {
        for (int i = more.length - 1; i >= 0; i--) {
            then(more[i]);
        }
        then(first);
    }

    /** The same for a list. */
    public void then(List<? extends Step> steps) {
        for (int i = steps.size() - 1; i >= 0; i--) {
            then(steps.get(i));
        }
    }

    /**
     * Carries out a step at once, as a part of the one that runs, if it is ready.
     *
     * @return whether it was
     */
    public boolean perform(Step part) {
        return mutation == null ? carryOut(part, true) : mutation.perform(part, running, this);
    }

    /** Carries out a part, whatever the mutation would say. @param asked whether it has to be ready */
    public boolean carryOut(Step part, boolean asked) {
        if (asked && !part.ready(engine.world())) {
            return false;
        }
        Step whole = running;
        running = part;
        part.run(this);
        running = whole;
        return true;
    }

    /** Puts an agenda in the place of what the actor has still to do. */
    boolean goOn(Agenda next) {
        agenda = next;
        return true;
    }

    /** Drops what the actor has still to do, up to and without the first step of this type; all if there is none. */
    public void unwind(Class<? extends Step> to) {
        while (agenda != null && !to.isInstance(agenda.head())) {
            agenda = agenda.tail();
        }
    }

    /** The same with that step. */
    public void unwindPast(Class<? extends Step> last) {
        unwind(last);
        agenda = agenda == null ? null : agenda.tail();
    }

    /** Leaves a value for the actor's next steps. */
    public void result(long value) {
        actor.result(value);
    }

    /** Takes the value that an earlier step left, and leaves 0: a value that nobody waits for must not tell states apart. */
    public long takeResult() {
        long value = actor.result();
        actor.result(0);
        return value;
    }

    /** Leaves an errno as the outcome, with the rule that the call broke, in one sentence without a full stop. */
    public void fail(Errno errno, String rule) {
        actor.result(Outcome.of(errno));
        actor.remark(rule);
    }

    /** Leaves a signal as the outcome, with the rule that the access broke. */
    public void signal(Signal signal, String rule) {
        actor.result(Outcome.of(signal));
        actor.remark(rule);
    }

    /** Leaves a text: what a read found. */
    public void remark(String text) {
        actor.remark(text);
    }

    /** Takes the text that an earlier step left, or null. */
    public String takeRemark() {
        String text = actor.remark();
        actor.remark(null);
        return text;
    }

    /** The number of this step in its run, from 1. */
    public long step() {
        return engine.steps();
    }

    public boolean wants(Kind kind) {
        return engine.trace().wants(kind);
    }

    /** Emits an event, which is built only if somebody listens. */
    public void emit(Kind kind, Supplier<? extends Event> event) {
        if (engine.trace().wants(kind)) {
            engine.trace().emit(engine.steps(), actor.name(), event.get());
        }
    }
}
