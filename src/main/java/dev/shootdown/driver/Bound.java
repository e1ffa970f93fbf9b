package dev.shootdown.driver;

import dev.shootdown.notifier.CallbackName;
import dev.shootdown.notifier.Subscriber;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import java.util.ArrayList;
import java.util.List;

/**
 * A binding as a subscriber of its address space. A callback that decides by counters runs under the binding's
 * lock, as pasid_state->lock is held in drivers/iommu/amd_iommu_v2.c, 3.16, unless it says itself where it takes it.
 *
 * @param binding its number
 * @param driver  what it does
 */
record Bound(int binding, Driver drives) implements Subscriber {
    @Override
    public String driver() {
        return drives.name();
    }

    @Override
    public int number() {
        return binding;
    }

    @Override
    public boolean has(CallbackName callback) {
        return drives.has(callback);
    }

    @Override
    public List<Step> on(Turn turn, CallbackName callback, int mm, long start, long end, boolean blockable) {
        List<Action> actions = drives.actions(callback);
        Called called = new Called(binding, callback, start, end, blockable);
        List<Step> steps = new Plan(turn, called).of(actions);
        if (!Plan.decides(actions) || Plan.locks(actions)) {
            return steps;
        }
        List<Step> locked = new ArrayList<>(steps.size() + 2);
        locked.add(new BindingLock(binding));
        locked.addAll(steps);
        locked.add(new BindingUnlock(binding));
        return locked;
    }
}
