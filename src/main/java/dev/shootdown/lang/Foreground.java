package dev.shootdown.lang;

import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Agenda;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Schedule;
import java.util.Collection;
import java.util.List;

/**
 * One statement in the foreground: its actors go as far as they can, and where they wait the others help them, hardware
 * and kernel first, then what was left in flight. Behind it hardware and kernel come to rest.
 *
 * @param rows     the statement's actors, in order
 * @param rests    what each has on its agenda behind the statement; the statement is done when only that is left
 * @param inFlight actors with statements of their own, which move only where the foreground cannot
 * @param held     actors that do not move: a probe runs in the middle of what they do
 */
record Foreground(List<Actor> rows, List<Agenda> rests, Collection<Actor> inFlight, Collection<Actor> held) implements Schedule {
    @Override
    public Choice next(Engine engine) {
        for (int i = 0; i < rows.size(); i++) {
            if (!done(i)) {
                Actor row = rows.get(i);
                return engine.ready(row) ? new Choice(row.number(), 0) : helper(engine);
            }
        }
        return servant(engine);
    }

    /** Whether the statement has been carried out. */
    boolean done() {
        for (int i = 0; i < rows.size(); i++) {
            if (!done(i)) {
                return false;
            }
        }
        return true;
    }

    private boolean done(int i) {
        Agenda agenda = rows.get(i).agenda();
        return agenda == null || agenda == rests.get(i);
    }

    private Choice helper(Engine engine) {
        Choice servant = servant(engine);
        if (servant != null) {
            return servant;
        }
        for (int i = 0; i < rows.size(); i++) {
            if (!done(i) && engine.ready(rows.get(i))) {
                return new Choice(rows.get(i).number(), 0);
            }
        }
        for (Actor actor : inFlight) {
            if (!held.contains(actor) && !rows.contains(actor) && engine.ready(actor)) {
                return new Choice(actor.number(), 0);
            }
        }
        return null;
    }

    private Choice servant(Engine engine) {
        List<Actor> actors = engine.actors();
        for (int i = 0; i < actors.size(); i++) {
            Actor actor = actors.get(i);
            if (!rows.contains(actor) && !inFlight.contains(actor) && !held.contains(actor) && engine.ready(actor)) {
                return new Choice(i, 0);
            }
        }
        return null;
    }
}
