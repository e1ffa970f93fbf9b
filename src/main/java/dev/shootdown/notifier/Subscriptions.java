package dev.shootdown.notifier;

import java.util.ArrayList;
import java.util.List;

/** Who subscribes to one address space: the latest first, which is the order in which they are told. */
record Subscriptions(List<Subscriber> all) {
    static final Subscriptions NONE = new Subscriptions(List.of());

    Subscriptions {
        all = List.copyOf(all);
    }

    Subscriptions with(Subscriber subscriber) {
        List<Subscriber> more = new ArrayList<>(all);
        more.addFirst(subscriber);
        return new Subscriptions(more);
    }

    Subscriptions without(Subscriber subscriber) {
        List<Subscriber> fewer = new ArrayList<>(all);
        fewer.remove(subscriber);
        return new Subscriptions(fewer);
    }
}
