package dev.shootdown.sim;

/** What a cell counts for beyond its value. */
public enum Role {
    /** Part of the fingerprint and of footprints: ordinary state. */
    STATE(true, true),
    /** Of footprints only: what never comes back (who freed a frame when). */
    OUTSIDE(false, true),
    /**
     * As {@link #OUTSIDE}, and it says at which places others lie, as a ring's head and tail do: two states that differ
     * in it are one state, but the places that are read and written from there on are not the same ones.
     */
    POSITION(false, true),
    /**
     * A counter of events that no step asks for: {@code add} is then of neither, so that two who count do not meet. Once
     * a condition asks for it ({@link Store#fingerprint}) it counts in both.
     */
    COUNTER(false, true),
    /** Of the fingerprint only: what merely sums up other cells, which are in the footprint themselves. */
    SUMMARY(true, false),
    /** Of neither: a remark for people. */
    REMARK(false, false);

    final boolean fingerprinted;
    final boolean footprinted;

    Role(boolean fingerprinted, boolean footprinted) {
        this.fingerprinted = fingerprinted;
        this.footprinted = footprinted;
    }
}
