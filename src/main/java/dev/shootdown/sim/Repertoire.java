package dev.shootdown.sim;

import java.util.Arrays;

/**
 * What the actors of one machine have been seen to do. A step is a function of the cells that it looks at: where it
 * finds what it has found before, its {@link Effect} is known and is put into the cells at once. Otherwise the step itself runs,
 * and what it looks at and writes is remembered. Steps and cells are those of every other run; this only saves work.
 *
 * <p>What an actor has still to do has a number here, a node. Of each node it is known how its readiness depends on
 * cells, and what each choice of its first step does, as questions that end in an answer ({@link Branch}).
 */
public final class Repertoire {
    /**
     * Whether an actor may go on.
     *
     * @param choices in how many ways: 0 if it is not ready
     * @param places  the number of the places that were looked at
     * @param depends the same with sums, which footprints leave out
     */
    public record Readiness(int choices, int places, int depends) {}

    /** Who numbers places and sets of places, so that they can be told apart and joined by their numbers. */
    public interface Places {
        int number(long place);

        /** Equal footprints have equal numbers. */
        int of(Footprint footprint);

        int union(int a, int b);

        int nothing();
    }

    private static final Effect[] NO_EFFECTS = {};
    private static final Object[] NONE = new Object[0];

    private final Engine engine;
    private final World world;
    private final Places places;
    private final Footprint footprint = new Footprint();
    private final Footprint prefix = new Footprint();
    private long[] keys = new long[512];
    private int[] numbers = new int[512];
    private Agenda[] agendas = new Agenda[256];
    private int[] owners = new int[256];
    private Object[] guards = new Object[256];
    private Object[][] steps = new Object[256][];
    private Effect[][] opaque = new Effect[256][];
    private final Constants constants = new Constants();
    private int count;
    private int effects;
    private int branches;

    public Repertoire(Engine engine, Places places) {
        this.engine = engine;
        this.world = engine.world();
        this.places = places;
    }

    // ---------------------------------------------------------------- nodes

    /** The number of what an actor has still to do. */
    public int node(Actor actor) {
        return node(actor.number(), actor.peek());
    }

    private int node(int actor, Agenda agenda) {
        long key = Hash.mix(actor, agenda == null ? 0 : agenda.hash());
        int slot = slot(key);
        if (keys[slot] != 0) {
            return numbers[slot];
        }
        if (count == agendas.length) {
            grow();
            slot = slot(key);
        }
        keys[slot] = key;
        numbers[slot] = count;
        agendas[count] = agenda;
        owners[count] = actor;
        steps[count] = NONE;
        opaque[count] = NO_EFFECTS;
        return count++;
    }

    private int slot(long key) {
        int mask = keys.length - 1;
        int slot = (int) (key >>> 20) & mask;
        while (keys[slot] != 0 && keys[slot] != key) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        agendas = Arrays.copyOf(agendas, 2 * count);
        owners = Arrays.copyOf(owners, 2 * count);
        guards = Arrays.copyOf(guards, 2 * count);
        steps = Arrays.copyOf(steps, 2 * count);
        opaque = Arrays.copyOf(opaque, 2 * count);
        long[] oldKeys = keys;
        int[] oldNumbers = numbers;
        keys = new long[4 * count];
        numbers = new int[4 * count];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                numbers[slot] = oldNumbers[i];
            }
        }
    }

    /** The number of the actor whose node it is. */
    public int owner(int node) {
        return owners[node];
    }

    public boolean idle(int node) {
        return agendas[node] == null;
    }

    /** The first question about a node's readiness, or its {@link Readiness}; null if nobody ever asked. */
    public Object guard(int node) {
        return guards[node];
    }

    /** For each choice of a node's first step the first question, or its {@link Effect}; null where it was never taken. */
    public Object[] steps(int node) {
        return steps[node];
    }

    /** What a node's step was seen to do where nobody can say what that depended on. */
    public Effect[] opaque(int node) {
        return opaque[node];
    }

    // ---------------------------------------------------------------- asking and taking

    /** Whether the actor that stands at a node is ready, as the machine is now. */
    public Readiness readiness(int node) {
        Readiness known = known(node);
        return known != null ? known : learnReadiness(node);
    }

    /** The same if it was learnt; otherwise null. */
    public Readiness known(int node) {
        return (Readiness) answer(guards[node]);
    }

    private static Object answer(Object first) {
        Object at = Branch.past(first);
        while (at instanceof Branch branch) {
            at = branch.onward(branch.value());
        }
        return at;
    }

    private Readiness learnReadiness(int node) {
        Actor actor = engine.actors().get(owners[node]);
        Observation observation = actor.known();
        footprint.clear();
        world.observe(footprint, observation);
        int choices = engine.ready(actor) ? engine.choices(actor) : 0;
        world.observe(null, null);
        int touched = places.of(footprint);
        observation.sums(footprint);
        Readiness readiness = new Readiness(choices, touched, places.of(footprint));
        guards[node] = remember(guards[node], observation, readiness);
        return readiness;
    }

    /** The actor that stands at a node takes its step, which must be ready. */
    public Effect step(int node, int choice) {
        Effect effect = known(node, choice);
        if (effect == null) {
            return learnStep(node, choice);
        }
        effect.apply(world);
        return effect;
    }

    /** What the actor's step would do, as the machine is now, if it was learnt; otherwise null. */
    public Effect known(int node, int choice) {
        return (Effect) answer(first(node, choice));
    }

    /** The first question about a choice of a node's first step; null if it was never taken. */
    public Object first(int node, int choice) {
        return choice < steps[node].length ? steps[node][choice] : null;
    }

    private Effect learnStep(int node, int choice) {
        Actor actor = engine.actors().get(owners[node]);
        Observation observation = actor.known();
        footprint.clear();
        world.observe(footprint, observation);
        engine.stepUncounted(actor, choice);
        world.observe(null, null);
        int next = node(owners[node], actor.peek());
        int touched = places.of(footprint);
        observation.sums(footprint);
        Effect effect = observation.effect(touched, places.of(footprint), next, effects++);
        constants.learn(effect);
        if (observation.opaque()) {
            opaque[node] = with(opaque[node], effect);
        } else {
            if (choice >= steps[node].length) {
                steps[node] = Arrays.copyOf(steps[node], choice + 1);
            }
            steps[node][choice] = remember(steps[node][choice], observation, effect);
        }
        return effect;
    }

    private static Effect[] with(Effect[] effects, Effect more) {
        for (Effect known : effects) {
            if (known.places() == more.places() && known.node() == more.node()) {
                return effects;
            }
        }
        Effect[] all = Arrays.copyOf(effects, effects.length + 1);
        all[effects.length] = more;
        return all;
    }

    /** Puts an answer behind the questions that lead to it. */
    private Object remember(Object root, Observation observation, Object answer) {
        boolean step = answer instanceof Effect;
        int touched = step ? ((Effect) answer).places() : ((Readiness) answer).places();
        int node = step ? ((Effect) answer).node() : ((Readiness) answer).choices() > 0 ? -1 : -2;
        Object first = root;
        Branch before = null;
        long value = 0;
        prefix.clear();
        for (int i = 0; i < observation.looks().size(); i++) {
            Look look = observation.looks().get(i);
            prefix.looked(look);
            Object at = before == null ? first : before.next(value);
            if (at == null) {
                int number = look.width() == 1 && look.store().role().footprinted ? places.number(look.place()) : -1;
                Branch branch = new Branch(look, places.of(prefix), number, branches++, constants);
                first = before == null ? branch : first;
                hang(before, value, branch);
                at = branch;
            }
            if (!(at instanceof Branch branch) || !branch.asks(look)) {
                throw new IllegalStateException("a step looks at other cells than it did where it had found the same: " + look);
            }
            branch.lead(places.union(branch.answers() == 0 ? places.nothing() : branch.all(), touched), node);
            before = branch;
            value = observation.value(i);
        }
        hang(before, value, answer);
        return before == null ? answer : first;
    }

    private static void hang(Branch before, long value, Object what) {
        if (before != null) {
            before.put(value, what);
        }
    }
}
