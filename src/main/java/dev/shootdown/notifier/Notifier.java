package dev.shootdown.notifier;

import dev.shootdown.memory.Owners;
import dev.shootdown.sim.Cells;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Table;
import dev.shootdown.sim.Turn;
import dev.shootdown.sim.World;
import java.util.ArrayList;
import java.util.List;

/**
 * Who is told what of which address space. The hooks are steps ({@link NotifyStart} and the others); where an
 * address space has no subscriber and never had one, they do nothing (mm_has_notifiers).
 */
public final class Notifier {
    private final Contract contract;
    private final Owners owners;
    private final Table<Integer, Subscriptions> subscriptions;
    private final Cells active;
    private final IntervalSequence sequence;

    public Notifier(World world, Contract contract, Owners owners) {
        this.contract = contract;
        this.owners = owners;
        this.subscriptions = world.table("notifier.subscriptions");
        this.active = world.cells("notifier.active");
        this.sequence = new IntervalSequence(world);
        world.install(this);
    }

    public Contract contract() {
        return contract;
    }

    /** Adds a subscriber at the head of the list, so that it is told first. Between two steps, or in one. */
    public void subscribe(int mm, Subscriber subscriber) {
        boolean interval = isInterval(subscriber);
        subscriptions.put(mm, of(mm).with(subscriber, interval && sequence.invalidating(mm)));
        active.set(mm, 1);
        if (interval) {
            sequence.insert(mm, subscriber.number());
        }
    }

    private boolean isInterval(Subscriber subscriber) {
        return contract.has(CallbackName.INVALIDATE) && subscriber.has(CallbackName.INVALIDATE);
    }

    /** Takes a subscriber off. The hooks stay on. */
    public void unsubscribe(int mm, Subscriber subscriber) {
        put(mm, of(mm).without(subscriber));
        if (isInterval(subscriber)) {
            sequence.remove(mm, subscriber.number());
        }
    }

    /** Takes all off, as release does; the hooks stay on. */
    public void unsubscribeAll(int mm) {
        put(mm, Subscriptions.NONE);
    }

    /** Forgets that an address space ever had a subscriber, because it is gone. */
    public void forget(int mm) {
        put(mm, Subscriptions.NONE);
        active.set(mm, 0);
        sequence.forget(mm);
    }

    /** The subscribers, in the order in which they are told. */
    public List<Subscriber> subscribers(int mm) {
        return of(mm).all();
    }

    /** Whether the address space has, or ever had, a subscriber. */
    public boolean active(int mm) {
        return active.get(mm) != 0;
    }

    /** The sequence by which interval subscribers know whether what they looked up is still true. */
    public IntervalSequence sequence() {
        return sequence;
    }

    /** Whether an address space has interval subscriptions, where the version has such: has_itree. */
    private boolean hasIntervals(int mm) {
        for (Subscriber subscriber : subscribers(mm)) {
            if (isInterval(subscriber)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Begins a range and tells the interval subscriptions that it intersects, before the list. Where the call may not block
     * the first one that refuses ends it.
     */
    void startIntervals(Turn turn, int mm, long start, long end, boolean blockable) {
        if (!hasIntervals(mm)) {
            return;
        }
        List<Step> calls = new ArrayList<>();
        for (Subscriber subscriber : of(mm).intervals()) {
            if (isInterval(subscriber) && intersects(subscriber, start, end)) {
                calls.add(new Callback(subscriber, CallbackName.INVALIDATE, mm, start, end, blockable));
                if (!blockable) {
                    calls.add(new IntervalRefused(mm));
                }
            }
        }
        sequence.start(mm, !calls.isEmpty());
        turn.then(calls);
    }

    /** Before the list: interval subscriptions are told of a range of everything, and of nothing else. */
    void releaseIntervals(Turn turn, int mm) {
        if (hasIntervals(mm)) {
            turn.then(new Release.EndIntervals(mm));
            startIntervals(turn, mm, 0, -1, true);
        }
    }

    private static boolean intersects(Subscriber subscriber, long start, long end) {
        return Long.compareUnsigned(subscriber.start(), end) < 0 && Long.compareUnsigned(start, subscriber.end()) < 0;
    }

    /** mn_itree_inv_end(): ends a range; behind the last one, subscriptions that were put off begin. */
    void endIntervals(int mm) {
        if (sequence.end(mm) && of(mm).puttingOff()) {
            put(mm, of(mm).settled());
        }
    }

    private Subscriptions of(int mm) {
        Subscriptions found = subscriptions.get(mm);
        return found == null ? Subscriptions.NONE : found;
    }

    private void put(int mm, Subscriptions next) {
        subscriptions.put(mm, next.all().isEmpty() ? null : next);
    }

    String process(int mm) {
        return owners.name(mm);
    }

    /** Tells every subscriber that has a callback, in order. */
    void tell(Turn turn, CallbackName name, int mm, long start, long end, boolean blockable) {
        if (!contract.has(name)) {
            return;
        }
        List<Step> calls = new ArrayList<>();
        for (Subscriber subscriber : subscribers(mm)) {
            if (subscriber.has(name)) {
                calls.add(new Callback(subscriber, name, mm, start, end, blockable));
            }
        }
        turn.then(calls);
    }

    /** Tells every subscriber of the end of a range; where the version does so, its range callback comes first. */
    void tellEnd(Turn turn, int mm, long start, long end, boolean blockable, boolean onlyEnd) {
        boolean range = contract.endInvalidates() && !(onlyEnd && contract.onlyEndExists());
        List<Step> calls = new ArrayList<>();
        for (Subscriber subscriber : subscribers(mm)) {
            if (range && subscriber.has(CallbackName.RANGE)) {
                calls.add(new Callback(subscriber, CallbackName.RANGE, mm, start, end, blockable));
            }
            if (subscriber.has(CallbackName.END)) {
                calls.add(new Callback(subscriber, CallbackName.END, mm, start, end, blockable));
            }
        }
        turn.then(calls);
    }
}
