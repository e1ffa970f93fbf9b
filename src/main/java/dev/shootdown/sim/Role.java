package dev.shootdown.sim;

/** What a cell counts for beyond its value. */
public enum Role {
    /** Part of the fingerprint and of footprints: ordinary state. */
    STATE(true, true),
    /** Of footprints only: what never comes back (event counters, ring positions, who freed a frame when). */
    OUTSIDE(false, true),
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
