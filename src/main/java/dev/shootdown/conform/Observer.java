package dev.shootdown.conform;

import dev.shootdown.notifier.CallbackName;
import dev.shootdown.notifier.Subscriber;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import java.util.List;

/** A subscriber that is told of ranges and does nothing: a virtual machine that never runs. With it the kernel's hooks run. */
record Observer() implements Subscriber {
    @Override
    public String driver() {
        return "observer";
    }

    @Override
    public boolean has(CallbackName name) {
        return name == CallbackName.START;
    }

    @Override
    public List<Step> on(Turn turn, CallbackName name, int mm, long start, long end, boolean blockable) {
        return List.of();
    }
}
