package dev.shootdown.driver;

import dev.shootdown.notifier.CallbackName;
import dev.shootdown.sim.Turn;

/**
 * A call of a callback.
 *
 * @param binding   whose
 * @param callback  which
 * @param start     of its range, in bytes
 * @param end       of its range
 * @param blockable whether it may wait
 */
record Called(int binding, CallbackName callback, long start, long end, boolean blockable) {
    /** As its actions see it now. */
    Term.Moment moment(Turn turn) {
        Drivers drivers = turn.part(Drivers.class);
        return new Term.Moment() {
            @Override
            public long start() {
                return start;
            }

            @Override
            public long end() {
                return end;
            }

            @Override
            public boolean blockable() {
                return blockable;
            }

            @Override
            public boolean changed() {
                return Called.this.callback == CallbackName.FAULT && drivers.faults().changed(turn, binding);
            }

            @Override
            public long counter(String name) {
                return drivers.counter(binding, name);
            }
        };
    }
}
