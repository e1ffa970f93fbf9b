package dev.shootdown.driver;

import dev.shootdown.notifier.CallbackName;
import dev.shootdown.sim.Manner;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A driver that does without one of its actions that are there for safety, does it at the wrong time, or exchanges two:
 * another driver, made of the same actions.
 *
 * @param driver  the driver as it should be
 * @param altered the same without
 * @param manner  what was done to an action
 * @param text    what was done, in a few words
 */
public record DriverMutant(Driver driver, Driver altered, Manner manner, String text) {
    /**
     * All that can be made of a driver by one change. What a function asks for when it is called ({@link Action.Ask}) is
     * not seen: {@link #changes}.
     *
     * @param ends whether an action may be put off until the end callback; where the version refuses that callback beside
     *             others it may not
     */
    public static List<DriverMutant> of(Driver driver, boolean ends) {
        List<DriverMutant> mutants = new ArrayList<>();
        for (int i = 0; i < driver.handlers().size(); i++) {
            Driver.Handler handler = driver.handlers().get(i);
            boolean later = ends && switch (handler.callback()) {
                case END, RELEASE, FAULT -> false;
                case START, RANGE, PAGE, CHANGE_PTE, CLEAR_FLUSH_YOUNG, CLEAR_YOUNG, TEST_YOUNG, INVALIDATE -> true;
            };
            for (ActionSlot.Variant variant : ActionSlot.variants(ActionSlot.of(handler.actions()), later)) {
                Driver altered = Driver.of(driver.name(), altered(driver, i, variant));
                String text = variant.text() + " of driver " + driver.name() + " on " + handler.callback().word();
                mutants.add(new DriverMutant(driver, altered, variant.manner(), variant.manner().word() + " " + text));
            }
        }
        return mutants;
    }

    /** What can be done to actions that a function has asked for, by what it is in a few words, and what they become. */
    public static Map<String, List<Action>> changes(List<Action> asked) {
        Map<String, List<Action>> changes = new LinkedHashMap<>();
        for (ActionSlot.Variant variant : ActionSlot.variants(ActionSlot.of(asked), false)) {
            changes.put(variant.manner().word() + " " + variant.text(), variant.actions());
        }
        return changes;
    }

    private static List<Driver.Handler> altered(Driver driver, int at, ActionSlot.Variant variant) {
        List<Driver.Handler> handlers = new ArrayList<>(driver.handlers());
        handlers.set(at, new Driver.Handler(handlers.get(at).callback(), variant.actions()));
        if (variant.moved() != null) {
            putOff(handlers, variant.moved());
        }
        return handlers;
    }

    /** The action becomes the last one of the end callback. */
    private static void putOff(List<Driver.Handler> handlers, Action moved) {
        for (int i = 0; i < handlers.size(); i++) {
            if (handlers.get(i).callback() == CallbackName.END) {
                List<Action> actions = new ArrayList<>(handlers.get(i).actions());
                actions.add(moved);
                handlers.set(i, new Driver.Handler(CallbackName.END, actions));
                return;
            }
        }
        handlers.add(new Driver.Handler(CallbackName.END, List.of(moved)));
    }
}
