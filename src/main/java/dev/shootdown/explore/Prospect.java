package dev.shootdown.explore;

import dev.shootdown.sim.Effect;
import dev.shootdown.sim.Repertoire;

/**
 * What one actor can do in one state.
 *
 * @param node    where it stands
 * @param ready   whether it can move
 * @param effects what each choice would do
 * @param looks   the number of all places that the rest depends on
 * @param opaque  whether nobody can say what it depends on
 */
record Prospect(int node, Repertoire.Readiness ready, Effect[] effects, int looks, boolean opaque) {}
