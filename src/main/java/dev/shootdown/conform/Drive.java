package dev.shootdown.conform;

import dev.shootdown.machine.Call;
import dev.shootdown.machine.Machine;
import dev.shootdown.machine.Process;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Schedule;
import dev.shootdown.sim.Step;
import java.util.List;
import java.util.function.Consumer;

/** Lets a process's thread make a call to its end, and everybody else do what waits then. */
record Drive(Machine machine, Consumer<Step> before) {
    /** @return the call's outcome */
    long run(Process who, String op, String args, List<Step> steps, Call.Result kind) {
        Actor actor = who.threads().getFirst().actor();
        machine.engine().assign(actor, Call.around(who.name(), op, args, steps, kind));
        Schedule schedule = new Schedule.InOrder(List.of(actor));
        for (Choice choice = schedule.next(machine.engine()); choice != null; choice = schedule.next(machine.engine())) {
            before.accept(machine.engine().actors().get(choice.actor()).agenda().head());
            machine.engine().step(choice);
        }
        if (!machine.engine().idle(actor)) {
            throw new IllegalStateException("stuck at " + actor.agenda().head());
        }
        return machine.outcomes().last(actor);
    }
}
