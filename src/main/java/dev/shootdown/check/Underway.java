package dev.shootdown.check;

import dev.shootdown.memory.Frames;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Role;
import dev.shootdown.sim.Table;

/**
 * Which page-table entries are being taken away by operations that have not ended. Each actor has one stretch of
 * addresses, from the first entry to the last that its statement has changed so far, in whatever address space: what
 * lies between is taken for under way too, so that no violation is reported too early.
 */
final class Underway {
    private final Engine engine;
    private final Cells stretches;
    private final Table<Long, Long> changed;

    Underway(Engine engine) {
        this.engine = engine;
        this.stretches = engine.world().cells("check.underway", Role.STATE, 1);
        this.changed = engine.world().table("check.changed", Role.REMARK);
    }

    /** An actor takes entries of [start, end) away. */
    void begin(String actor, long start, long end) {
        long at = 2L * engine.find(actor).number();
        boolean first = stretches.get(at + 1) == 0;
        stretches.set(at, first || Long.compareUnsigned(start, stretches.get(at)) < 0 ? start : stretches.get(at));
        stretches.set(at + 1, Long.compareUnsigned(end, stretches.get(at + 1)) > 0 ? end : stretches.get(at + 1));
    }

    /** An actor's statement has ended. */
    void end(String actor) {
        long at = 2L * engine.find(actor).number();
        stretches.set(at, 0);
        stretches.set(at + 1, 0);
    }

    /** Whether somebody is still taking the address's entry away. Who has nothing left to do is not. */
    boolean covers(long address) {
        for (Actor actor : engine.actors()) {
            long at = 2L * actor.number();
            boolean within = Long.compareUnsigned(address, stretches.get(at)) >= 0 && Long.compareUnsigned(address, stretches.get(at + 1)) < 0;
            if (within && !engine.idle(actor)) {
                return true;
            }
        }
        return false;
    }

    /** Remembers for people which step changed the entries of [start, end). */
    void note(int mm, long start, long end, long step) {
        for (long address = start; address != end; address += Frames.PAGE_SIZE) {
            changed.put(key(mm, address), step);
        }
    }

    /** The last step that changed the address's entry, or 0. */
    long because(int mm, long address) {
        Long step = changed.get(key(mm, address));
        return step == null ? 0 : step;
    }

    private static long key(int mm, long address) {
        return (long) mm << 52 | address >>> Frames.PAGE_SHIFT;
    }
}
