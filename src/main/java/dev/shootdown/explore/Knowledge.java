package dev.shootdown.explore;

import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Repertoire;

/**
 * What was learnt of the steps of one machine, which searches of the same race hand on to each other as long as all of them count the
 * same in the fingerprint.
 */
record Knowledge(PlaceSets sets, Repertoire repertoire) {
    static Knowledge none(Engine engine) {
        PlaceSets sets = new PlaceSets();
        return new Knowledge(sets, new Repertoire(engine, sets));
    }
}
