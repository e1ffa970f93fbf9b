package dev.shootdown.lang;

import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Agenda;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Circle;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Schedule;
import dev.shootdown.sim.Step;
import dev.shootdown.vocabulary.Diagnostic;
import dev.shootdown.vocabulary.Refusal;
import dev.shootdown.vocabulary.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Lets actors take steps until a statement is done; between two steps come probes, and the user's wish to stop. */
final class Runner {
    /** Steps between two questions whether to stop. */
    private static final int PATIENCE = 1024;

    private final Play play;
    private final Consumer<Probes.Hit> onHit;
    private int taken;
    private boolean circled;

    /** @param onHit what to do when a probe is set off */
    Runner(Play play, Consumer<Probes.Hit> onHit) {
        this.play = play;
        this.onHit = onHit;
    }

    /**
     * Gives an actor steps and lets it take them all, before what it has still to do.
     *
     * @param end what is to be done then
     */
    void finish(Actor actor, List<? extends Step> steps, Span at, Runnable end) {
        if (play.inFlight().contains(actor)) {
            land(List.of(actor), at);
        }
        play.debugger().refuseBusy(play, actor, at);
        Agenda rest = actor.agenda();
        play.machine().engine().interpose(actor, steps);
        Foreground foreground = new Foreground(List.of(actor), Collections.singletonList(rest), play.inFlight(), held(actor));
        carry(foreground, List.of(actor), () -> {
            refuseStuck(foreground, at);
            end.run();
        });
    }

    /** Who does not move: in the middle of whose steps a probe runs, or whose statement stands still. */
    private Set<Actor> held(Actor but) {
        Set<Actor> held = new LinkedHashSet<>(play.recorder().standing());
        held.remove(but);
        held.addAll(play.held());
        return held;
    }

    /** Runs the race of a scenario. */
    void race(Schedule schedule, List<Actor> rows, Runnable end) {
        carry(schedule, rows, end);
    }

    private void carry(Schedule schedule, List<Actor> rows, Runnable end) {
        Recorder recorder = play.recorder();
        Task task = recorder.begin(this, schedule, rows, end);
        try {
            run(schedule);
        } catch (Stopped stopped) {
            throw stopped.outOf(task);
        } catch (RuntimeException | Error failure) {
            recorder.drop(task);
            throw failure;
        }
        recorder.end(task);
    }

    /** Gives an actor steps and leaves them in flight. */
    void leave(Actor actor, List<? extends Step> steps) {
        play.machine().engine().assign(actor, steps);
        play.inFlight().add(actor);
    }

    /** Finishes what actors were left in flight with. */
    void land(List<Actor> actors, Span at) {
        List<Actor> rows = actors.stream().filter(play.inFlight()::contains).toList();
        List<Agenda> rests = new ArrayList<>();
        rows.forEach(row -> rests.add(null));
        Foreground foreground = new Foreground(rows, rests, play.inFlight(), held(null));
        carry(foreground, rows, () -> {
            play.inFlight().removeAll(rows);
            refuseStuck(foreground, at);
        });
    }

    /** Takes the steps that a schedule says, until it says none, or all goes round for ever. */
    void run(Schedule schedule) {
        Engine engine = play.machine().engine();
        Circle circle = new Circle();
        circled = false;
        while (!circled) {
            Choice choice = schedule.next(engine);
            if (choice == null) {
                circled = schedule instanceof Schedule.InOrder inOrder && inOrder.circled();
                return;
            }
            step(engine, choice);
            circled = circle.closed(engine);
        }
    }

    /** Whether what was run last came back to where it was, and was given up. */
    boolean circled() {
        return circled;
    }

    /** One step, and the probes that it sets off. */
    void step(Engine engine, Choice choice) {
        Recorder recorder = play.recorder();
        recorder.before(choice);
        engine.step(choice);
        boolean stop = recorder.after(choice);
        List<Probes.Hit> hits = play.probes().take();
        if (!hits.isEmpty()) {
            Actor actor = engine.actors().get(choice.actor());
            Task.sequence(hits.stream().map(hit -> (Runnable) () -> interrupt(actor, hit)).toList());
        }
        if (++taken % PATIENCE == 0 && play.front().interrupted()) {
            interrupted(recorder);
        }
        if (stop) {
            throw new Stopped(recorder.task());
        }
    }

    /** The user wants an end: where steps are kept, the run stands still and may be gone on with. */
    private void interrupted(Recorder recorder) {
        if (!recorder.taping()) {
            throw new Ended(Status.INTERRUPTED);
        }
        play.debugger().note(Status.INTERRUPTED);
        throw new Stopped(recorder.task());
    }

    /** The actor whose step set a probe off stays where it is while the probe runs. */
    private void interrupt(Actor actor, Probes.Hit hit) {
        boolean added = play.held().add(actor);
        try {
            onHit.accept(hit);
        } finally {
            if (added) {
                play.held().remove(actor);
            }
        }
    }

    /** A statement in the middle of another may wait for what that one holds: it is left in flight then. */
    private void refuseStuck(Foreground foreground, Span at) {
        if (foreground.done()) {
            return;
        }
        if (!foreground.held().isEmpty()) {
            foreground.rows().stream().filter(row -> row.agenda() != null).forEach(play.inFlight()::add);
            return;
        }
        if (circled) {
            throw new Refusal(Diagnostic.error("livelock", at, "this does not end: what is done comes back to where it was, for ever"));
        }
        throw new Refusal(Diagnostic.error("deadlock", at, "this cannot end: " + waiting())
                .hint("& at its end leaves it in flight; who it waits for can then go on"));
    }

    private String waiting() {
        Engine engine = play.machine().engine();
        List<String> who = engine.actors().stream()
                .filter(actor -> !engine.idle(actor))
                .map(actor -> actor.name() + " waits at " + actor.agenda().head().name())
                .toList();
        return String.join(", ", who);
    }
}
