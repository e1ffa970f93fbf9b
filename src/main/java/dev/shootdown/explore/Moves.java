package dev.shootdown.explore;

import dev.shootdown.sim.Choice;

/** A {@link Choice} in an int, for the inside of searches: the actor above, the alternative in the low 20 bits. */
final class Moves {
    private static final int BITS = 20;

    private Moves() {}

    static int of(int actor, int alternative) {
        return actor << BITS | alternative;
    }

    static int actor(int move) {
        return move >>> BITS;
    }

    static int alternative(int move) {
        return move & ((1 << BITS) - 1);
    }

    static Choice choice(int move) {
        return new Choice(actor(move), alternative(move));
    }
}
