package dev.shootdown.driver;

import dev.shootdown.notifier.CallbackName;

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
    Term.Moment moment(Drivers drivers) {
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
            public long counter(String name) {
                return drivers.counter(binding, name);
            }
        };
    }
}
