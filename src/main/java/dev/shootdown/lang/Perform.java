package dev.shootdown.lang;

import dev.shootdown.lang.word.Arguments;
import dev.shootdown.lang.word.Scene;
import dev.shootdown.machine.Call;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;

/**
 * The beginning of a call: what it does is worked out now, since an address space may have come or gone. Where the
 * arguments leave a free choice, each alternative is a way for it to go on. A thread that is not born yet waits; one whose
 * process has exited does nothing more.
 *
 * @param call its number in the {@link Program}
 */
@Cites("the statement of an actor, as a system call is entered: arch/x86/entry/common.c: do_syscall_64")
record Perform(int call) implements Step {
    @Override
    public boolean ready(World world) {
        Planned planned = world.part(Program.class).call(call);
        return !(planned.who() instanceof Who.Thread) || planned.scene().alive() || planned.scene().gone();
    }

    @Override
    public int choices(World world) {
        return world.part(Program.class).call(call).alternatives().size();
    }

    @Override
    public void run(Turn turn) {
        Planned planned = turn.part(Program.class).call(call);
        if (planned.who() instanceof Who.Thread && planned.scene().gone()) {
            Scene.end(turn);
            return;
        }
        turn.emit(Kind.CALL, () -> new Event.Call(planned.process(), planned.op(), planned.args()));
        turn.then(new Call.Return(planned.process(), planned.op(), planned.verb().returns()));
        Arguments arguments = planned.alternatives().get(turn.choice());
        planned.verb().deed().ifPresent(deed -> turn.then(deed.steps(arguments, planned.scene())));
    }

    @Override
    public String name() {
        return "call";
    }
}
