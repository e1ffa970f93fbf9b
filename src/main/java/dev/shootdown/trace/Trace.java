package dev.shootdown.trace;

import java.util.ArrayList;
import java.util.List;

/**
 * The point where events leave the model. It keeps nothing: whoever wants a history listens. Listeners
 * are told in the order in which they came; one may come or go between two steps, never during one.
 */
public final class Trace {
    private final List<Listener> listeners = new ArrayList<>();
    /** What is being told, and what waits for it. */
    private final List<Moment> later = new ArrayList<>();
    private long kinds;

    public void add(Listener listener) {
        listeners.add(listener);
        count();
    }

    public void remove(Listener listener) {
        listeners.remove(listener);
        count();
    }

    /** Reads anew which kinds the listeners ask for; called by one that changed its mind. */
    public void count() {
        kinds = listeners.stream().mapToLong(Listener::kinds).reduce(0, (a, b) -> a | b);
    }

    public boolean wants(Kind kind) {
        return (kinds & kind.bit()) != 0;
    }

    /** Tells the listeners. What a listener emits in turn, all are told once all were told of this. */
    public void emit(long step, String actor, Event event) {
        later.add(new Moment(step, actor, event));
        if (later.size() > 1) {
            return;
        }
        try {
            for (int i = 0; i < later.size(); i++) {
                tell(later.get(i));
            }
        } finally {
            later.clear();
        }
    }

    private void tell(Moment moment) {
        long bit = moment.event().kind().bit();
        for (int i = 0; i < listeners.size(); i++) {
            if ((listeners.get(i).kinds() & bit) != 0) {
                listeners.get(i).on(moment);
            }
        }
    }
}
