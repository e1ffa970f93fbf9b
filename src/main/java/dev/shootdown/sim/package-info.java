/**
 * Floor 1: the World and its cells, Step, Agenda, Actor, Schedule. Knows nothing of memory.
 *
 * <p>Everything that happens is a {@link dev.shootdown.sim.Step}; all mutable state lives in cells of one
 * {@link dev.shootdown.sim.World}. From these two come undo, fingerprints and footprints for the whole model.
 */
package dev.shootdown.sim;
