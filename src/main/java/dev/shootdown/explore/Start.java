package dev.shootdown.explore;

import dev.shootdown.sim.Engine;

/**
 * Makes a fresh machine at the beginning of a race: everything before it has been run, and the rows lie on
 * their actors' agendas. Every call gives the same position of a machine of its own, so that a search may
 * have several, and a list of choices means the same on each.
 */
@FunctionalInterface
public interface Start {
    Engine begin();
}
