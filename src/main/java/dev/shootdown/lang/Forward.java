package dev.shootdown.lang;

import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Choice;

/** Goes forward on a run: steps that were recorded are taken again, then new ones. In between nobody stands still. */
final class Forward {
    private final Play main;
    private boolean still;

    Forward(Play main) {
        this.main = main;
    }

    /** It has come to a stand. */
    void stand() {
        still = true;
    }

    boolean stands() {
        return still;
    }

    /** One step, recorded or new; whoever is named takes it. Returns false where there was none to take. */
    boolean one(Recorder recorder, Actor actor) {
        still = false;
        try {
            return taken(recorder, actor);
        } finally {
            still = true;
        }
    }

    private boolean taken(Recorder recorder, Actor actor) {
        if (recorder.hasFuture() && (actor == null || recorder.next().actor() == actor.number())) {
            if (recorder.forward()) {
                throw new Stopped(recorder.task());
            }
            return true;
        }
        Task task = recorder.task();
        if (task == null) {
            return false;
        }
        var engine = recorder.play().machine().engine();
        if (!task.over(engine)) {
            task.runner().step(engine, actor == null ? task.schedule().next(engine) : new Choice(actor.number(), 0));
        }
        settle(recorder);
        return true;
    }

    /** Ends what nobody goes on with. */
    private void settle(Recorder recorder) {
        for (Task task = recorder.task(); task != null && !recorder.hasFuture() && task.over(recorder.play().machine().engine());
                task = recorder.task()) {
            recorder.end(task);
        }
    }

    /** All that is in progress, to its end, or to where there is a reason to stop. */
    void complete(Recorder recorder) {
        still = false;
        try {
            completed(recorder);
        } finally {
            still = true;
        }
    }

    private void completed(Recorder recorder) {
        while (recorder.hasFuture() || recorder.task() != null) {
            if (recorder.hasFuture()) {
                if (recorder.forward()) {
                    throw new Stopped(recorder.task());
                }
                refuseInterrupted();
            } else {
                Task task = recorder.task();
                task.runner().run(task.schedule());
                recorder.end(task);
            }
        }
    }

    /** Whoever wants an end has it between two steps. */
    void refuseInterrupted() {
        if (main.front().interrupted()) {
            throw new Ended(Status.INTERRUPTED);
        }
    }
}
