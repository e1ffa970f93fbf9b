package dev.shootdown.mm;

import dev.shootdown.notifier.CallbackName;
import dev.shootdown.notifier.Subscriber;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import java.util.List;

/** Subscribes to what KVM subscribes to, and does nothing about it. */
record Observer(String driver) implements Subscriber {
    @Override
    public boolean has(CallbackName name) {
        return switch (name) {
            case START, END, RANGE, CHANGE_PTE, CLEAR_FLUSH_YOUNG, CLEAR_YOUNG, TEST_YOUNG, RELEASE -> true;
            case PAGE, INVALIDATE, FAULT -> false;
        };
    }

    @Override
    public List<Step> on(Turn turn, CallbackName name, int mm, long start, long end, boolean blockable) {
        return List.of();
    }
}
