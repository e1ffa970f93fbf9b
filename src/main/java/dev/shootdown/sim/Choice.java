package dev.shootdown.sim;

/**
 * One decision of a schedule. A list of them leads from a machine's first moment to any other.
 *
 * @param actor       the number of the actor that steps
 * @param alternative which of its step's choices it takes, from 0
 */
public record Choice(int actor, int alternative) {}
