package dev.shootdown.driver;

import dev.shootdown.notifier.CallbackName;
import dev.shootdown.sim.Cites;
import dev.shootdown.sim.Turn;

@Cites("a callback written outside the language; it sees its range and its own cells only")
record Ask(Called called, String function) implements DriverStep {
    @Override
    public void run(Drivers drivers, Turn turn) {
        Drivers.Asked asked = new Drivers.Asked() {
            @Override
            public CallbackName callback() {
                return called.callback();
            }

            @Override
            public long start() {
                return called.start();
            }

            @Override
            public long end() {
                return called.end();
            }

            @Override
            public boolean blockable() {
                return called.blockable();
            }

            @Override
            public long state(String name) {
                return drivers.counter(called.binding(), name);
            }

            @Override
            public void state(String name, long value) {
                drivers.counter(called.binding(), name, value);
            }
        };
        turn.then(new Plan(turn, called).of(drivers.function(function).ask(asked)));
    }
}
