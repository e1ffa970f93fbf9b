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
import java.util.List;

/**
 * The beginning of a call: what it does is worked out now, since an address space may have come or gone; what a block of
 * somebody's {@code at} wants of the actor comes before. Where the
 * arguments leave a free choice, each alternative is a way for it to go on. A thread that is not born yet waits; one whose
 * process has exited does nothing more.
 *
 * @param call its number in the {@link Program}
 */
@Cites("the statement of an actor, as a system call is entered: arch/x86/entry/common.c: do_syscall_64")
record Perform(int call) implements Step {
    @Override
    public boolean ready(World world) {
        Program program = world.part(Program.class);
        Planned planned = program.call(call);
        boolean due = program.stops() != null && program.stops().due(planned.scene().actor());
        return due || !(planned.who() instanceof Who.Thread) || planned.scene().alive() || planned.scene().gone();
    }

    @Override
    public int choices(World world) {
        return Math.max(1, world.part(Program.class).call(call).alternatives().size());
    }

    @Override
    public void run(Turn turn) {
        Program program = turn.part(Program.class);
        if (program.stops() != null && program.stops().serve(turn, this)) {
            return;
        }
        Planned planned = program.call(call);
        if (planned.who() instanceof Who.Thread && planned.scene().gone()) {
            Scene.end(turn);
            return;
        }
        List<Arguments> alternatives = planned.alternatives();
        if (!alternatives.isEmpty()) {
            begin(turn, planned, alternatives.get(turn.choice()), program.stops());
        }
    }

    private void begin(Turn turn, Planned planned, Arguments arguments, Stops stops) {
        planned.row().stops().forEach(stop -> {
            stops.arm(stop);
            turn.then(new Stops.Disarm(stop));
        });
        turn.emit(Kind.CALL, () -> new Event.Call(planned.process(), planned.op(), planned.args()));
        turn.then(new Call.Return(planned.process(), planned.op(), planned.verb().returns()));
        planned.row().name().ifPresent(name -> {
            name.set(null);
            turn.then(new Naming(call, turn.choice()));
        });
        turn.then(planned.verb().deed().steps(arguments, planned.scene()));
    }

    @Override
    public String name() {
        return "call";
    }
}
