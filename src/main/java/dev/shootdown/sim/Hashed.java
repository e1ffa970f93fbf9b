package dev.shootdown.sim;

/** A value that knows its own 64-bit structural hash, which includes its type. */
public interface Hashed {
    /** Equal values of one type hash alike, in every run and on every machine; never 0. */
    long hash();
}
