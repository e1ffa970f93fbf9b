package dev.shootdown.explore;

import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Effect;
import dev.shootdown.sim.Repertoire;
import dev.shootdown.sim.World;
import java.util.Arrays;

/**
 * What each actor can do in each state of a run, and what that would do. Behind a step this is what it was before, but for
 * the actor that took it, and for those of which it wrote something that theirs depends on.
 */
final class Prospects {
    private static final Effect[] NONE = {};

    private final World world;
    private final Actor[] actors;
    private final PlaceSets sets;
    private final Repertoire repertoire;
    private final Wakes wakes;
    /** By depth and actor. */
    private Prospect[] all;
    /** By the number of the one step that the actor can take: what was met last, which mostly is the same again. */
    private Prospect[] met = new Prospect[256];

    Prospects(World world, Actor[] actors, PlaceSets sets, Repertoire repertoire) {
        this.world = world;
        this.actors = actors;
        this.sets = sets;
        this.repertoire = repertoire;
        this.wakes = new Wakes(sets);
        this.all = new Prospect[64 * actors.length];
    }

    /** The machine stands in the first state of a run. */
    void begin() {
        for (int i = 0; i < actors.length; i++) {
            all[i] = ask(repertoire.node(actors[i]));
        }
    }

    /** The machine stands in the state of a depth, where a step has put it. */
    void arrive(int depth, int actor, Effect step) {
        int to = depth * actors.length;
        int from = to - actors.length;
        if (to + actors.length > all.length) {
            all = Arrays.copyOf(all, 2 * all.length);
        }
        for (int i = 0; i < actors.length; i++) {
            Prospect before = all[from + i];
            if (i == actor) {
                all[to + i] = ask(step.node());
            } else if (before.opaque() || wakes.wakes(step.depends(), before.looks())) {
                all[to + i] = ask(before.node());
            } else {
                all[to + i] = before;
            }
        }
    }

    private Prospect ask(int node) {
        Repertoire.Readiness ready = repertoire.readiness(node);
        return switch (ready.choices()) {
            case 0 -> new Prospect(node, ready, NONE, ready.depends(), false);
            case 1 -> one(node, ready, foresee(node, 0));
            default -> several(node, ready);
        };
    }

    private Prospect one(int node, Repertoire.Readiness ready, Effect effect) {
        if (effect.number() >= met.length) {
            met = Arrays.copyOf(met, 2 * effect.number());
        }
        Prospect known = met[effect.number()];
        if (known == null || known.node() != node || known.ready() != ready) {
            known = new Prospect(node, ready, effect.alone(), sets.union(ready.depends(), effect.depends()), effect.opaque());
            met[effect.number()] = known;
        }
        return known;
    }

    private Prospect several(int node, Repertoire.Readiness ready) {
        Effect[] effects = new Effect[ready.choices()];
        int looks = ready.depends();
        boolean opaque = false;
        for (int choice = 0; choice < effects.length; choice++) {
            effects[choice] = foresee(node, choice);
            looks = sets.union(looks, effects[choice].depends());
            opaque |= effects[choice].opaque();
        }
        return new Prospect(node, ready, effects, looks, opaque);
    }

    private Effect foresee(int node, int choice) {
        Effect effect = repertoire.known(node, choice);
        if (effect == null) {
            int here = world.mark();
            effect = repertoire.step(node, choice);
            world.rewind(here);
        }
        return effect;
    }

    /** What each choice of an actor would do in the state of a depth; none where it is not ready. */
    Effect[] effects(int depth, int actor) {
        return all[depth * actors.length + actor].effects();
    }

    /** In how many ways an actor can go on from the state of a depth. */
    int choices(int depth, int actor) {
        return effects(depth, actor).length;
    }

    /** What one of them does. */
    Effect effect(int depth, int actor, int choice) {
        return effects(depth, actor)[choice];
    }
}
