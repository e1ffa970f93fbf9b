package dev.shootdown.explore;

import dev.shootdown.sim.Choice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Remembers from where sets of states were reached, so that a run can be told that leads to one of them. */
final class Story {
    static final int BEGINNING = -1;
    private static final int FIRST_SEEN = -2;

    private final Expansion expansion;
    private final CommonStates states;
    private final Tuples tuples;
    /** What was gone on from, in order: a common state, and a set of tuples. */
    private int[] leftStates = new int[1024];
    private int[] leftSets = new int[1024];
    private int left;
    /** What was arrived at: a set of tuples, from which of those before, and what was arrived at before in the same common state. */
    private int[] sets = new int[1024];
    private int[] from = new int[1024];
    private int[] before = new int[1024];
    private int arrived;
    private int[] last = new int[1024];

    Story(Expansion expansion, CommonStates states, Tuples tuples) {
        this.expansion = expansion;
        this.states = states;
        this.tuples = tuples;
        Arrays.fill(last, -1);
    }

    /** A search goes on from these; returns a number for that. */
    int leave(int state, int set) {
        if (left == leftStates.length) {
            leftStates = Arrays.copyOf(leftStates, 2 * left);
            leftSets = Arrays.copyOf(leftSets, 2 * left);
        }
        leftStates[left] = state;
        leftSets[left] = set;
        return left++;
    }

    /** It comes to these for the first time. */
    void arrive(int state, int set, int part) {
        if (arrived == sets.length) {
            sets = Arrays.copyOf(sets, 2 * arrived);
            from = Arrays.copyOf(from, 2 * arrived);
            before = Arrays.copyOf(before, 2 * arrived);
        }
        if (state >= last.length) {
            int length = last.length;
            last = Arrays.copyOf(last, 2 * state);
            Arrays.fill(last, length, last.length, -1);
        }
        sets[arrived] = set;
        from[arrived] = part;
        before[arrived] = last[state];
        last[state] = arrived++;
    }

    /** What stands for where states were reached from that are those of another common state, with something noted: no step leads there. */
    static int sameAs(int state) {
        return FIRST_SEEN - state;
    }

    /** A run that leads to a state. It puts the machine elsewhere. */
    List<Choice> tell(int state, int[] tuple) {
        List<Choice> run = new ArrayList<>();
        Step at = new Step(null, state, tuple.clone());
        for (int part = part(at); part != BEGINNING; part = part(at)) {
            boolean step = part > FIRST_SEEN;
            at = step ? before(part, at) : new Step(null, FIRST_SEEN - part, at.tuple);
            if (step) {
                run.add(at.choice);
            }
        }
        return run.reversed();
    }

    private record Step(Choice choice, int state, int[] tuple) {}

    private int part(Step at) {
        int arrival = last[at.state];
        while (!tuples.has(sets[arrival], at.tuple)) {
            arrival = before[arrival];
        }
        return from[arrival];
    }

    /** A state among those that led to one, with the choice that did. */
    private Step before(int part, Step after) {
        int state = leftStates[part];
        Step[] found = new Step[1];
        expansion.stand(state);
        expansion.expand(leftSets[part], (actor, choice, change, set) -> {
            int[] tuple = states.behind(state, change) != after.state ? null : tuples.before(set, change.mapping(), after.tuple);
            found[0] = tuple == null ? null : new Step(new Choice(actor, choice), state, tuple);
            return found[0] == null;
        });
        return found[0];
    }

    long bytes() {
        return (long) Integer.BYTES * (2L * leftStates.length + 3L * sets.length + last.length);
    }
}
