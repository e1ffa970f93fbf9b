package dev.shootdown.explore;

import java.util.Locale;

/** Over which moments of which interleavings a condition speaks. */
public enum Quantifier {
    /** Holds when it is true at no step of any interleaving. */
    FORBID,
    /** Holds when it is true at every step of every interleaving. */
    ALWAYS,
    /** Holds when it is true at every end. */
    EXPECT,
    /** Holds when it is true at some end. */
    EXISTS,
    /** No condition but a question: the largest value at any end. */
    MAXIMUM,
    /** The smallest. */
    MINIMUM;

    /** As in the language. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it is asked after every step; the others are asked at ends. */
    public boolean everyStep() {
        return this == FORBID || this == ALWAYS;
    }

    /** Whether it asks for a number. */
    public boolean measures() {
        return this == MAXIMUM || this == MINIMUM;
    }
}
