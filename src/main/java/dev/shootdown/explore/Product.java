package dev.shootdown.explore;

import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Choice;
import dev.shootdown.sim.Effect;
import dev.shootdown.sim.Engine;
import dev.shootdown.sim.Footprint;
import dev.shootdown.sim.Repertoire;
import dev.shootdown.sim.Variable;
import dev.shootdown.sim.World;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * All states of a race in which some actors hardly meet each other, as devices do. What each of these has for itself is its
 * factor; everything else is common. It goes through common states, each with the set of all combinations of
 * positions of the factors that go with it, and takes a step from all of these at once. States and transitions are those of
 * a plain search, to the last one, but what there is to do grows with the sum of what the actors can do and not with the product.
 *
 * <p>Steps are taken through the {@link Repertoire}, from which it is known what each depends on; so what belongs to whom
 * is seen, not declared. Where an actor is seen to touch what was another's, all begins anew, and that is common.
 */
final class Product {
    private static final int RUNS = 60;
    private static final int MOST_STEPS = 2_000;
    private static final int MOST_BEGINNINGS = 100;

    /** Who is told of the states. */
    interface Visitor {
        /** A new beginning: what was told before does not count. */
        void begin();

        /**
         * The machine stands in what is common to these new states, of which there is at least one. Who asks there may note
         * something in the words that change then; it is told again of the states that these are with that.
         *
         * @return what was looked at
         */
        Footprint at(int common, int set);

        /** A state in which nobody can move. The machine stands elsewhere. */
        void end(int common, int[] tuple);

        /** Why to stop; or null. Asked often. */
        Reach stop();
    }

    private final Engine engine;
    private final World world;
    private List<Actor> apart;
    private final PlaceSets sets = new PlaceSets();
    private final Repertoire repertoire;
    private final Factors owners;
    private final List<Effect> effects = new ArrayList<>();
    private CommonStates states;
    private Tuples tuples;
    private Expansion expansion;
    private Wave wave;
    private Story story;
    private final List<Variable> noting;
    private int[] notes;
    private boolean levels;
    private int level;
    private Visitor visitor;
    private long found;
    private long transitions;
    private int deepest;
    /** The runs at random, and how far the longest of them goes. */
    private final List<List<Effect>> runs = new ArrayList<>();
    private long ahead;
    private boolean opaque;

    /**
     * @param apart  the actors that are to have factors; null for those that some runs show to hardly meet
     * @param asked  what somebody asks for in every state
     * @param noting the words that change when somebody asks
     */
    Product(Engine engine, List<Actor> apart, Footprint asked, List<Variable> noting) {
        this.engine = engine;
        this.world = engine.world();
        this.apart = apart;
        this.repertoire = new Repertoire(engine, sets);
        this.owners = new Factors(world, sets, engine.actors());
        this.noting = noting;
        owners.keep(asked);
    }

    /** From now on states are gone through in the order of how many steps they are away. */
    Product byLevels() {
        levels = true;
        return this;
    }

    /** How many steps the states are away that are gone through, if it goes by these. */
    int level() {
        return level;
    }

    /** Goes through all states, and leaves the machine where it stood. Returns why it stopped; null if it did not. */
    Reach run(Visitor told) {
        visitor = told;
        int start = world.mark();
        sample();
        if (apart == null) {
            apart = owners.apart().stream().map(engine.actors()::get).toList();
        }
        owners.divide(apart.stream().map(Actor::number).toList());
        opaque = apart.size() < 2;
        Reach stop = null;
        for (int beginnings = 0; !opaque && (beginnings == 0 || owners.broken() && stop == null); beginnings++) {
            begin();
            stop = follow();
            opaque = expansion.opaque() || beginnings > MOST_BEGINNINGS;
            world.rewind(start);
        }
        return stop;
    }

    /** Whether it could not be done, because it is not known what steps depend on, or what belongs to whom. */
    boolean gaveUp() {
        return opaque;
    }

    /** Some runs at random, to see who touches what. */
    private void sample() {
        SplittableRandom random = new SplittableRandom(1);
        int start = world.mark();
        for (int run = 0; run < RUNS; run++) {
            int before = effects.size();
            int steps = 0;
            while (steps < MOST_STEPS && move(random)) {
                steps++;
            }
            runs.add(List.copyOf(effects.subList(before, effects.size())));
            world.rewind(start);
        }
    }

    private boolean move(SplittableRandom random) {
        List<Choice> moves = new ArrayList<>();
        for (Actor actor : engine.actors()) {
            Repertoire.Readiness readiness = repertoire.readiness(repertoire.node(actor));
            owners.touch(actor.number(), readiness.places());
            for (int choice = 0; choice < readiness.choices(); choice++) {
                moves.add(new Choice(actor.number(), choice));
            }
        }
        if (moves.isEmpty()) {
            return false;
        }
        Choice next = moves.get(random.nextInt(moves.size()));
        Effect effect = repertoire.step(repertoire.node(engine.actors().get(next.actor())), next.alternative());
        owners.touch(next.actor(), effect.places());
        effects.add(effect);
        return true;
    }

    private void begin() {
        owners.begin();
        Layout layout = new Layout(owners, apart);
        states = new CommonStates(layout);
        tuples = new Tuples(apart.size());
        expansion = new Expansion(engine, repertoire, owners, layout, states, tuples, effects);
        wave = new Wave();
        story = new Story(expansion, states, tuples);
        ahead = runs.stream().mapToLong(run -> run.stream().filter(effect -> levels || expansion.common(effect)).count()).max().orElse(0);
        found = 0;
        transitions = 0;
        deepest = 0;
        level = 0;
        notes = noting.stream().mapToInt(layout::number).toArray();
        visitor.begin();
        reach(0, tuples.of(new int[apart.size()]), Story.BEGINNING);
    }

    private Reach follow() {
        Reach stop = null;
        while (stop == null && wave.any() && !expansion.broken()) {
            stop = levels ? nextLevel() : go(wave.take());
        }
        return stop;
    }

    private Reach go(int state) {
        int set = states.pending(state);
        states.set(state, states.reached(state), Tuples.NONE);
        go(state, set);
        return visitor.stop();
    }

    /** From all states that are as many steps away. */
    private Reach nextLevel() {
        int[] all = wave.takeAll();
        int[] these = new int[all.length];
        for (int i = 0; i < all.length; i++) {
            these[i] = states.pending(all[i]);
            states.set(all[i], states.reached(all[i]), Tuples.NONE);
        }
        Reach stop = null;
        for (int i = 0; stop == null && i < all.length && !expansion.broken(); i++) {
            go(all[i], these[i]);
            stop = visitor.stop();
        }
        level++;
        return stop;
    }

    private void go(int state, int set) {
        deepest = Math.max(deepest, states.depth(state));
        expansion.stand(state);
        owners.keep(visitor.at(state, set));
        int noted = notes.length == 0 ? state : states.as(state, notes);
        if (noted != state) {
            found -= tuples.size(set);
            int fresh = arrive(noted, set, Story.sameAs(state));
            if (fresh != Tuples.NONE) {
                go(noted, fresh);
            }
        } else {
            leave(state, set);
        }
    }

    private void leave(int state, int set) {
        expansion.stand(state);
        int part = story.leave(state, set);
        int able = expansion.expand(set, (actor, choice, change, those) -> {
            transitions += tuples.size(those);
            reach(states.behind(state, change), tuples.map(those, change.mapping()), part);
            return true;
        });
        if (!expansion.broken()) {
            tuples.each(tuples.minus(set, able), tuple -> visitor.end(state, tuple));
        }
    }

    private void reach(int state, int set, int from) {
        int fresh = arrive(state, set, from);
        if (fresh != Tuples.NONE) {
            if (states.pending(state) == Tuples.NONE) {
                wave.add(state, states.depth(state));
            }
            states.set(state, states.reached(state), tuples.union(states.pending(state), fresh));
        }
    }

    /** Those where nobody was before. */
    private int arrive(int state, int set, int from) {
        int fresh = tuples.minus(set, states.reached(state));
        if (fresh != Tuples.NONE) {
            found += tuples.size(fresh);
            states.set(state, tuples.union(states.reached(state), fresh), states.pending(state));
            story.arrive(state, fresh, from);
        }
        return fresh;
    }

    // ---------------------------------------------------------------- what is known

    /** Puts the machine into what is common to some states. */
    void stand(int common) {
        expansion.stand(common);
    }

    /** Puts the machine into a state, all of it. */
    void stand(int common, int[] tuple) {
        expansion.stand(common, tuple);
    }

    /** A run that leads to a state. It puts the machine elsewhere. */
    List<Choice> tell(int common, int[] tuple) {
        return story.tell(common, tuple);
    }

    /** One of a set of tuples that is not empty. */
    int[] any(int set) {
        return tuples.any(set);
    }

    /** How many states were found. */
    long found() {
        return found;
    }

    /** How many fingerprints of common states tell them apart. */
    long kept() {
        return states.count();
    }

    long transitions() {
        return transitions;
    }

    /** The most steps that change what is common on the way to a state. */
    int deepest() {
        return deepest;
    }

    /** How far into the longest of some runs it has gone on from all states, from 0 to 1. */
    double share() {
        return Math.min(1, (levels ? level : (double) wave.least()) / Math.max(1, ahead));
    }

    long bytes() {
        return states.bytes() + tuples.bytes() + expansion.bytes() + story.bytes();
    }
}
