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
    /** By depth and actor: where it stands, whether it is ready, what each choice would do, and all places that this depends on. */
    private int[] nodes;
    private Repertoire.Readiness[] ready;
    private Effect[][] effects;
    private int[] touched;
    private boolean[] opaque;

    Prospects(World world, Actor[] actors, PlaceSets sets, Repertoire repertoire) {
        this.world = world;
        this.actors = actors;
        this.sets = sets;
        this.repertoire = repertoire;
        int length = 64 * actors.length;
        this.nodes = new int[length];
        this.ready = new Repertoire.Readiness[length];
        this.effects = new Effect[length][];
        this.touched = new int[length];
        this.opaque = new boolean[length];
    }

    /** The machine stands in the first state of a run. */
    void begin() {
        for (int i = 0; i < actors.length; i++) {
            nodes[i] = repertoire.node(actors[i]);
            ask(i);
        }
    }

    /** The machine stands in the state of a depth, where a step has put it. */
    void arrive(int depth, int actor, Effect step) {
        int to = depth * actors.length;
        int from = to - actors.length;
        if (to + actors.length > nodes.length) {
            grow();
        }
        for (int i = 0; i < actors.length; i++) {
            nodes[to + i] = i == actor ? step.node() : nodes[from + i];
            if (i == actor || opaque[from + i] || sets.meet(step.depends(), touched[from + i])) {
                ask(to + i);
            } else {
                ready[to + i] = ready[from + i];
                effects[to + i] = effects[from + i];
                touched[to + i] = touched[from + i];
                opaque[to + i] = false;
            }
        }
    }

    private void grow() {
        int length = 2 * nodes.length;
        nodes = Arrays.copyOf(nodes, length);
        ready = Arrays.copyOf(ready, length);
        effects = Arrays.copyOf(effects, length);
        touched = Arrays.copyOf(touched, length);
        opaque = Arrays.copyOf(opaque, length);
    }

    private void ask(int at) {
        ready[at] = repertoire.readiness(nodes[at]);
        touched[at] = ready[at].depends();
        opaque[at] = false;
        int choices = ready[at].choices();
        Effect[] all = choices == 0 ? NONE : foresee(at, 0).alone();
        if (choices > 1) {
            all = Arrays.copyOf(all, choices);
            for (int choice = 1; choice < choices; choice++) {
                all[choice] = foresee(at, choice);
            }
        }
        effects[at] = all;
    }

    private Effect foresee(int at, int choice) {
        Effect effect = repertoire.known(nodes[at], choice);
        if (effect == null) {
            int here = world.mark();
            effect = repertoire.step(nodes[at], choice);
            world.rewind(here);
        }
        touched[at] = sets.union(touched[at], effect.depends());
        opaque[at] |= effect.opaque();
        return effect;
    }

    /** In how many ways an actor can go on from the state of a depth. */
    int choices(int depth, int actor) {
        return ready[depth * actors.length + actor].choices();
    }

    /** What one of them does. */
    Effect effect(int depth, int actor, int choice) {
        return effects[depth * actors.length + actor][choice];
    }
}
