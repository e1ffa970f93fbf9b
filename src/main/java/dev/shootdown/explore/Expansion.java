package dev.shootdown.explore;

import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Branch;
import dev.shootdown.sim.Effect;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Repertoire;
import dev.shootdown.sim.World;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * All steps that can be taken from a common state together with a set of tuples of factors' positions. Questions about what
 * is common are asked of the machine, which stands there; questions about a factor divide the set.
 */
final class Expansion {
    /** Who is told of each step: all tuples of the set can take it, and it does the same to each. */
    interface Taker {
        /** Returns whether to go on. */
        boolean take(int actor, int choice, Change change, int set);
    }

    /** What one part of a set that is divided fills, in bytes. */
    private static final int PART = 32;

    private final World world;
    private final Actor[] actors;
    private final Repertoire repertoire;
    private final Factors owners;
    private final Layout layout;
    private final CommonStates states;
    private final Tuples tuples;
    private final int base;
    private final List<Effect> effects;
    private Change[] changes = new Change[1024];
    /** By question: the variable that it is about plus 2, if it is a factor's; 1 if not; 0 if nobody asked yet. */
    private int[] dividers = new int[1024];
    private final PairMemo memo = new PairMemo();
    private final List<Part> divided = new ArrayList<>();
    private int state;
    private int here;
    private int able;
    private Taker taker;
    private boolean on;
    private boolean opaque;

    /** @param effects all that were learnt so far; those that it learns are added */
    Expansion(Engine engine, Repertoire repertoire, Factors owners, Layout layout, CommonStates states, Tuples tuples, List<Effect> effects) {
        this.world = engine.world();
        this.actors = engine.actors().toArray(new Actor[0]);
        this.repertoire = repertoire;
        this.owners = owners;
        this.layout = layout;
        this.states = states;
        this.tuples = tuples;
        this.base = world.mark();
        this.effects = effects;
        effects.forEach(this::learnt);
    }

    /** Puts the machine into a common state; factors are where the race begins. */
    void stand(int common) {
        world.rewind(base);
        states.stand(common);
        state = common;
        here = world.mark();
    }

    /** Puts the machine into a state, all of it. */
    void stand(int common, int[] tuple) {
        stand(common);
        for (int i = 0; i < tuple.length; i++) {
            layout.at(i).stand(tuple[i]);
        }
    }


    /**
     * Takes all steps from where {@link #stand(int)} has put the machine.
     *
     * @return the tuples of the set from which a step can be taken
     */
    int expand(int set, Taker to) {
        able = Tuples.NONE;
        taker = to;
        on = true;
        for (int actor = 0; actor < actors.length && on; actor++) {
            int factor = owners.of(actor);
            if (factor == Factors.COMMON) {
                test(actor, repertoire.node(actors[actor]), set);
            } else {
                own(actor, factor, set);
            }
        }
        return able;
    }

    /** Whether it met somebody who touched what is another's, or a step of which nobody knows what it depends on: nothing that it says counts. */
    boolean broken() {
        return owners.broken() | opaque;
    }

    /** Whether a step was met of which nobody knows what it depends on. */
    boolean opaque() {
        return opaque;
    }

    // ---------------------------------------------------------------- an actor that has a factor

    /** What it has still to do is part of its factor. */
    private void own(int actor, int factor, int set) {
        int agenda = layout.variables().find(actors[actor].agendaId());
        if (agenda < 0 || layout.factor(agenda) != factor) {
            test(actor, repertoire.node(actors[actor]), set);
            return;
        }
        for (Part part = parts(set, agenda); part != null && on; part = part.next) {
            test(actor, node(factor, tuples.any(part.set)[factor]), part.set);
        }
    }

    private int node(int factor, int position) {
        int known = layout.at(factor).node(position);
        if (known < 0) {
            layout.at(factor).stand(position);
            known = repertoire.node(layout.at(factor).actor());
            layout.at(factor).node(position, known);
            world.rewind(here);
        }
        return known;
    }

    // ---------------------------------------------------------------- one actor

    private void test(int actor, int node, int set) {
        if (!repertoire.idle(node)) {
            test(actor, node, repertoire.guard(node), set);
        }
    }

    private void test(int actor, int node, Object first, int set) {
        Object at = Branch.past(first);
        while (at instanceof Branch branch) {
            int variable = divider(branch);
            if (variable >= 0) {
                for (Part part = parts(set, variable); part != null; part = part.next) {
                    test(actor, node, branch.onward(part.value), part.set);
                }
                return;
            }
            at = branch.onward(branch.value());
        }
        if (at == null) {
            learn(actor, set, -1);
            if (on) {
                test(actor, node, repertoire.guard(node), set);
            }
        } else if (((Repertoire.Readiness) at).choices() > 0) {
            able = tuples.union(able, set);
            for (int choice = 0; choice < ((Repertoire.Readiness) at).choices() && on; choice++) {
                step(actor, node, choice, repertoire.first(node, choice), set);
            }
        }
    }

    private void step(int actor, int node, int choice, Object first, int set) {
        Object at = Branch.past(first);
        while (at instanceof Branch branch) {
            int variable = divider(branch);
            if (variable >= 0) {
                for (Part part = parts(set, variable); part != null && on; part = part.next) {
                    step(actor, node, choice, branch.onward(part.value), part.set);
                }
                return;
            }
            at = branch.onward(branch.value());
        }
        if (at == null) {
            learn(actor, set, choice);
            if (on) {
                step(actor, node, choice, repertoire.first(node, choice), set);
            }
        } else {
            on &= taker.take(actor, choice, changes[((Effect) at).number()], set);
        }
    }

    /** The variable that a question is about, if it is a factor's, so that the machine does not know it; otherwise -1. */
    private int divider(Branch branch) {
        int id = branch.id();
        if (id >= dividers.length) {
            dividers = Arrays.copyOf(dividers, Math.max(2 * dividers.length, id + 1));
        }
        if (dividers[id] == 0) {
            int variable = layout.variables().find(branch.variable());
            dividers[id] = variable >= 0 && layout.factor(variable) != Factors.COMMON ? variable + 2 : 1;
        }
        return Math.max(-1, dividers[id] - 2);
    }

    /** Of a set, those with one value of a variable, and the others. */
    private record Part(long value, int set, Part next) {}

    private Part parts(int set, int variable) {
        int known = memo.get(set, variable);
        if (known < 0 || divided.size() <= known) {
            known = divided.size();
            divided.add(divide(set, variable));
            memo.put(set, variable, known);
        }
        return divided.get(known);
    }

    private Part divide(int set, int variable) {
        int factor = layout.factor(variable);
        Part parts = null;
        for (int position : tuples.at(set, factor)) {
            long value = layout.variables().plain(variable, layout.at(factor).value(position, layout.index(variable)));
            parts = with(parts, value, tuples.with(set, factor, position));
        }
        return parts;
    }

    private Part with(Part parts, long value, int set) {
        if (parts == null) {
            return new Part(value, set, null);
        }
        return parts.value == value ? new Part(value, tuples.union(parts.set, set), parts.next)
                : new Part(parts.value, parts.set, with(parts.next, value, set));
    }

    /** Whether an effect changes what is common. */
    boolean common(Effect effect) {
        return changes[effect.number()].count() > 0;
    }

    long bytes() {
        return memo.bytes() + divided.size() * (long) PART;
    }

    // ---------------------------------------------------------------- learning

    /** Has one of a set take a step, or with a negative choice test whether it may, to see what it does. */
    private void learn(int actor, int set, int choice) {
        int common = state;
        int[] tuple = tuples.any(set);
        stand(common, tuple);
        int node = repertoire.node(actors[actor]);
        if (choice < 0) {
            owners.touch(actor, repertoire.readiness(node).places());
        } else {
            Effect effect = repertoire.step(node, choice);
            world.rewind(base);
            owners.touch(actor, effect.places());
            effects.add(effect);
            learnt(effect);
            opaque |= repertoire.opaque(node).length > 0;
        }
        on &= !broken();
        stand(common);
    }

    /** Takes note of an effect; the machine must stand where the race begins. */
    private void learnt(Effect effect) {
        if (effect.number() >= changes.length) {
            changes = Arrays.copyOf(changes, Math.max(2 * changes.length, effect.number() + 1));
        }
        if (changes[effect.number()] == null) {
            int variables = layout.variables().count();
            changes[effect.number()] = new Change(effect, layout);
            if (layout.variables().count() > variables) {
                Arrays.fill(dividers, 0);
            }
        }
    }
}
