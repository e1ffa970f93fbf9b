package dev.shootdown.vocabulary;

/** How much a {@link Diagnostic} matters. */
public enum Severity {
    /** What was asked for is not done. */
    ERROR,
    /** It is done, but probably not what was meant. */
    WARNING,
    /** A fault of Shootdown's own, not of the input. */
    BUG
}
