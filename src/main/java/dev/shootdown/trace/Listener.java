package dev.shootdown.trace;

/** Somebody who is told of events, in order, as they happen. */
public interface Listener {
    /** The kinds to be told of: their {@link Kind#bit()}s. An event that nobody asks for is not even built. */
    long kinds();

    void on(Moment moment);
}
