package dev.shootdown.notifier;

import java.util.ArrayList;
import java.util.List;

/**
 * Who subscribes to one address space: the latest first, which is the order in which they are told.
 *
 * @param putOff interval subscriptions that were made while a range was being invalidated, and begin behind it
 */
record Subscriptions(List<Subscriber> all, List<Subscriber> putOff) {
    static final Subscriptions NONE = new Subscriptions(List.of(), List.of());

    Subscriptions {
        all = List.copyOf(all);
        putOff = List.copyOf(putOff);
    }

    Subscriptions with(Subscriber subscriber, boolean later) {
        return new Subscriptions(added(all, subscriber), later ? added(putOff, subscriber) : putOff);
    }

    Subscriptions without(Subscriber subscriber) {
        return new Subscriptions(removed(all, subscriber), removed(putOff, subscriber));
    }

    /** Who may be an interval subscription that has begun: in the order of addresses, as the tree has them. */
    List<Subscriber> intervals() {
        List<Subscriber> begun = new ArrayList<>(all);
        begun.removeAll(putOff);
        begun.sort((one, other) -> Long.compareUnsigned(one.start(), other.start()));
        return begun;
    }

    boolean puttingOff() {
        return !putOff.isEmpty();
    }

    Subscriptions settled() {
        return new Subscriptions(all, List.of());
    }

    private static List<Subscriber> added(List<Subscriber> list, Subscriber subscriber) {
        List<Subscriber> more = new ArrayList<>(list);
        more.addFirst(subscriber);
        return more;
    }

    private static List<Subscriber> removed(List<Subscriber> list, Subscriber subscriber) {
        List<Subscriber> fewer = new ArrayList<>(list);
        fewer.remove(subscriber);
        return fewer;
    }
}
