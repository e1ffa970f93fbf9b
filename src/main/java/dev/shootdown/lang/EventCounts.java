package dev.shootdown.lang;

import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Role;
import dev.shootdown.trace.Kind;
import dev.shootdown.trace.Listener;
import dev.shootdown.trace.Moment;
import dev.shootdown.trace.Trace;
import dev.shootdown.sim.World;

/** How often each kind of event has come, for {@code count(EVENT)}; counted from when a script first asks for its kind. */
final class EventCounts implements Listener {
    private final Cells counts;
    private final Trace trace;
    private long kinds;

    EventCounts(World world, Trace trace) {
        this.counts = world.cells("event.counts", Role.COUNTER, 0);
        this.trace = trace;
        world.install(this);
        trace.add(this);
    }

    /** From now on these kinds are counted: their {@link Kind#bit}s. */
    void want(long more) {
        kinds |= more;
        trace.count();
    }

    long count(Kind kind) {
        return counts.get(kind.ordinal());
    }

    @Override
    public long kinds() {
        return kinds;
    }

    @Override
    public void on(Moment moment) {
        counts.add(moment.event().kind().ordinal(), 1);
    }
}
