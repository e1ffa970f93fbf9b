package dev.shootdown.lang;

import dev.shootdown.lang.tree.Expression;
import dev.shootdown.lang.tree.Statement;
import dev.shootdown.sim.Actor;
import dev.shootdown.trace.Kind;
import dev.shootdown.trace.Listener;
import dev.shootdown.trace.Moment;
import dev.shootdown.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The probes that are set. They are told of events while a step runs, and what they lead to is done between that step
 * and the next one.
 */
final class Probes implements Listener {
    /**
     * A probe.
     *
     * @param kind  of which events
     * @param actor of whose; empty for anybody's
     * @param point where; empty for anywhere
     * @param when  what must hold besides
     * @param body  what to do then
     * @param once  whether it is done with after the first time, or when the actor's call returns
     */
    record Probe(Kind kind, Optional<Actor> actor, Optional<Expression> point, Optional<Expression> when, List<Statement> body, boolean once) {}

    /** A probe with the event that has set it off. */
    record Hit(Probe probe, Moment moment) {}

    private final Trace trace;
    private final List<Probe> set = new ArrayList<>();
    private final List<Hit> hits = new ArrayList<>();

    Probes(Trace trace) {
        this.trace = trace;
        trace.add(this);
    }

    void add(Probe probe) {
        set.add(probe);
        trace.count();
    }

    void remove(Probe probe) {
        set.removeIf(one -> one == probe);
        trace.count();
    }

    /** The probes that are set. */
    List<Probe> set() {
        return List.copyOf(set);
    }

    /** Sets these and no others. */
    void set(List<Probe> these) {
        if (!set.equals(these)) {
            set.clear();
            set.addAll(these);
            trace.count();
        }
    }

    /** The probes that the last step has set off, in the order in which they were set; each is given once. */
    List<Hit> take() {
        if (hits.isEmpty()) {
            return List.of();
        }
        List<Hit> taken = List.copyOf(hits);
        hits.clear();
        return taken;
    }

    @Override
    public long kinds() {
        long kinds = 0;
        for (Probe probe : set) {
            kinds |= probe.kind().bit() | (probe.once() ? Kind.RETURN.bit() : 0);
        }
        return kinds;
    }

    @Override
    public void on(Moment moment) {
        for (Probe probe : List.copyOf(set)) {
            boolean his = probe.actor().isEmpty() || probe.actor().get().name().equals(moment.actor());
            if (his && probe.kind() == moment.event().kind()) {
                hits.add(new Hit(probe, moment));
                if (probe.once()) {
                    set.removeIf(one -> one == probe);
                }
            }
        }
        if (moment.event().kind() == Kind.RETURN) {
            set.removeIf(probe -> probe.once() && probe.actor().filter(actor -> actor.name().equals(moment.actor())).isPresent());
        }
    }
}
