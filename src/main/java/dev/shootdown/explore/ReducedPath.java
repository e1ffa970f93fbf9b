package dev.shootdown.explore;

import dev.shootdown.sim.Choice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The run that a {@link ReducedSearch} stands at the end of. Of each state on it: the actors that are ready, to be
 * tried and tried; which of them is being tried; and {@link PlaceSets} numbers, one an actor, of what its readiness
 * depends on, of what it touches behind the actor being tried, and of what it touches from here on in all.
 */
final class ReducedPath {
    private final int actors;
    private int depth = -1;
    private int[] marks = new int[64];
    private long[] keys = new long[64];
    private int[] watched = new int[64];
    private long[] ready = new long[64];
    private long[] wanted = new long[64];
    private long[] done = new long[64];
    private int[] actor = new int[64];
    private int[] choice = new int[64];
    private int[] step = new int[64];
    private int[] choices;
    private int[] guards;
    private int[] nodes;
    private int[] later;
    private int[] all;

    ReducedPath(int actors) {
        this.actors = actors;
        this.choices = new int[64 * actors];
        this.guards = new int[64 * actors];
        this.nodes = new int[64 * actors];
        this.later = new int[64 * actors];
        this.all = new int[64 * actors];
    }

    /** How many steps lead to the last state; -1 when there is none. */
    int depth() {
        return depth;
    }

    /** Adds a state as the last. What its actors' readiness depends on is taken over from the one before. */
    void push(int mark, long key, int looked) {
        depth++;
        if (depth == marks.length) {
            grow();
        }
        marks[depth] = mark;
        keys[depth] = key;
        watched[depth] = looked;
        wanted[depth] = 0;
        done[depth] = 0;
        ready[depth] = depth == 0 ? 0 : ready[depth - 1];
        if (depth > 0) {
            System.arraycopy(guards, offset() - actors, guards, offset(), actors);
            System.arraycopy(nodes, offset() - actors, nodes, offset(), actors);
            System.arraycopy(choices, offset() - actors, choices, offset(), actors);
        }
    }

    void pop() {
        depth--;
    }

    private void grow() {
        int length = 2 * depth;
        marks = Arrays.copyOf(marks, length);
        keys = Arrays.copyOf(keys, length);
        watched = Arrays.copyOf(watched, length);
        ready = Arrays.copyOf(ready, length);
        wanted = Arrays.copyOf(wanted, length);
        done = Arrays.copyOf(done, length);
        actor = Arrays.copyOf(actor, length);
        choice = Arrays.copyOf(choice, length);
        step = Arrays.copyOf(step, length);
        choices = Arrays.copyOf(choices, length * actors);
        guards = Arrays.copyOf(guards, length * actors);
        nodes = Arrays.copyOf(nodes, length * actors);
        later = Arrays.copyOf(later, length * actors);
        all = Arrays.copyOf(all, length * actors);
    }

    // ---------------------------------------------------------------- the last state

    int mark() {
        return marks[depth];
    }

    long key() {
        return keys[depth];
    }

    /** What the conditions asked there read. */
    int watched() {
        return watched[depth];
    }

    /** Where in arrays by actor the last state's part begins. */
    int offset() {
        return depth * actors;
    }

    /** Where each actor stands: its number in the search's Repertoire. */
    int[] nodes() {
        return nodes;
    }

    /** What each actor touches from a state on. */
    int[] all() {
        return all;
    }

    /** What each actor touches behind the one being tried in a state. */
    int[] later() {
        return later;
    }

    /** @param count the choices that the actor has; 0 if it is not ready */
    void guard(int who, int count, int reads) {
        guards[offset() + who] = reads;
        choices[offset() + who] = count;
        ready[depth] = count > 0 ? ready[depth] | 1L << who : ready[depth] & ~(1L << who);
    }

    int guardOf(int who) {
        return guards[offset() + who];
    }

    /** What the actor's readiness depended on in the state before. */
    int guardBefore(int who) {
        return guards[offset() - actors + who];
    }

    /** Whether the actor is not the one that led to the last state, so that its agenda is the same as before. */
    boolean inherits(int who) {
        return actor[depth - 1] != who;
    }

    long ready() {
        return ready[depth];
    }

    boolean isReady(int who) {
        return (ready[depth] >>> who & 1) != 0;
    }

    /** A test for readiness is a read. */
    void summarize() {
        System.arraycopy(guards, offset(), all, offset(), actors);
    }

    // ---------------------------------------------------------------- trying

    void toTry(long more) {
        wanted[depth] |= more;
    }

    /** Whether the actor was or is to be tried. */
    boolean tried(int who) {
        return (wanted[depth] >>> who & 1) != 0;
    }

    long wanted() {
        return wanted[depth];
    }

    long open() {
        return wanted[depth] & ~done[depth];
    }

    /** Whether the actor being tried is the first one, and there was a choice. */
    boolean isFirst() {
        return (done[depth] & done[depth] - 1) == 0 && (ready[depth] & ready[depth] - 1) != 0;
    }

    /** Begins to try an actor. */
    void next(int who) {
        done[depth] |= 1L << who;
        actor[depth] = who;
        choice[depth] = -1;
        step[depth] = PlaceSets.NOTHING;
        Arrays.fill(later, offset(), offset() + actors, PlaceSets.NOTHING);
    }

    int actor() {
        return actor[depth];
    }

    boolean hasChoice() {
        return choice[depth] + 1 < choices[offset() + actor[depth]];
    }

    int takeChoice() {
        return ++choice[depth];
    }

    /** What the steps of the actor being tried touch. */
    int step() {
        return step[depth];
    }

    void stepped(int touched) {
        step[depth] = touched;
    }

    /** Nothing complete is known of what comes behind. */
    void unknown() {
        Arrays.fill(later, offset(), offset() + actors, PlaceSets.EVERYTHING);
    }

    /** All choices of the actor were tried: what was found behind it is part of what comes from here on. */
    void learn(PlaceSets sets) {
        int at = offset();
        for (int i = at; i < at + actors; i++) {
            all[i] = sets.union(all[i], later[i]);
        }
        all[at + actor[depth]] = sets.union(all[at + actor[depth]], step[depth]);
    }

    // ---------------------------------------------------------------- the run

    /** The moves taken, the last state's included. */
    List<Choice> choices() {
        List<Choice> taken = choicesBefore();
        taken.add(new Choice(actor[depth], choice[depth]));
        return taken;
    }

    /** The moves that lead to the last state. */
    List<Choice> choicesBefore() {
        List<Choice> taken = new ArrayList<>();
        for (int i = 0; i < depth; i++) {
            taken.add(new Choice(actor[i], choice[i]));
        }
        return taken;
    }
}
