package dev.shootdown.driver;

import dev.shootdown.notifier.CallbackName;
import java.util.ArrayList;
import java.util.List;

/**
 * A driver, as data.
 *
 * @param name     what {@code driver=} names
 * @param handlers what it does in each callback that it has
 * @param counters what its actions count, in the order in which they first appear
 */
public record Driver(String name, List<Handler> handlers, List<String> counters) {
    /** What a driver does in one callback. */
    public record Handler(CallbackName callback, List<Action> actions) {
        public Handler {
            actions = List.copyOf(actions);
        }
    }

    public Driver {
        handlers = List.copyOf(handlers);
        counters = List.copyOf(counters);
    }

    public static Driver of(String name, List<Handler> handlers) {
        List<String> counters = new ArrayList<>();
        for (Handler handler : handlers) {
            collect(handler.actions(), counters);
        }
        return new Driver(name, handlers, counters);
    }

    /** The actions of a callback; null if the driver does not have it. */
    public List<Action> actions(CallbackName callback) {
        for (Handler handler : handlers) {
            if (handler.callback() == callback) {
                return handler.actions();
            }
        }
        return null;
    }

    public boolean has(CallbackName callback) {
        return actions(callback) != null;
    }

    /** Whether its device works on a page table that the driver fills: one that installs entries in it. */
    public boolean hasOwnTable() {
        List<Action> fault = actions(CallbackName.FAULT);
        return fault != null && installs(fault);
    }

    /** Whether what its faults look up is held against the sequence of an interval subscription. */
    boolean checksSequence() {
        List<Action> fault = actions(CallbackName.FAULT);
        return fault != null && fault.contains(new Action.ReadBegin());
    }

    private static boolean installs(List<Action> actions) {
        return actions.stream().anyMatch(action -> action instanceof Action.Install
                || action instanceof Action.If choice && (installs(choice.then()) || installs(choice.otherwise())));
    }

    private static void collect(List<Action> actions, List<String> found) {
        for (Action action : actions) {
            switch (action) {
                case Action.Count count -> {
                    if (!found.contains(count.counter())) {
                        found.add(count.counter());
                    }
                }
                case Action.If choice -> {
                    collect(choice.then(), found);
                    collect(choice.otherwise(), found);
                }
                case Action.FlushIotlb a -> {}
                case Action.FlushAtc a -> {}
                case Action.FlushPasid a -> {}
                case Action.Sync a -> {}
                case Action.TableEmpty a -> {}
                case Action.TableProcess a -> {}
                case Action.Block a -> {}
                case Action.Unblock a -> {}
                case Action.Detach a -> {}
                case Action.Drain a -> {}
                case Action.Defer a -> {}
                case Action.Refuse a -> {}
                case Action.Lock a -> {}
                case Action.Unlock a -> {}
                case Action.SetSeq a -> {}
                case Action.Zap a -> {}
                case Action.ReadBegin a -> {}
                case Action.Lookup a -> {}
                case Action.Install a -> {}
                case Action.Retry a -> {}
                case Action.Ask a -> {}
            }
        }
    }
}
