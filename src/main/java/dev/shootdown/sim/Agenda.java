package dev.shootdown.sim;

import java.util.ArrayList;
import java.util.List;

/** What an actor has still to do: a persistent list of steps, the next one first. Null is the empty one. */
public final class Agenda implements Hashed {
    private final Step head;
    private final Agenda tail;
    /** Cached once somebody asks; 0 until then. Two threads that race for it write the same. */
    private long hash;

    public Agenda(Step head, Agenda tail) {
        this.head = head;
        this.tail = tail;
    }

    public Step head() {
        return head;
    }

    public Agenda tail() {
        return tail;
    }

    /** The steps in order, before what is left of another agenda. */
    public static Agenda of(List<? extends Step> steps, Agenda rest) {
        Agenda agenda = rest;
        for (int i = steps.size() - 1; i >= 0; i--) {
            agenda = new Agenda(steps.get(i), agenda);
        }
        return agenda;
    }

    public static List<Step> steps(Agenda agenda) {
        List<Step> steps = new ArrayList<>();
        for (Agenda node = agenda; node != null; node = node.tail) {
            steps.add(node.head);
        }
        return steps;
    }

    @Override
    public long hash() {
        if (hash == 0) {
            long h = Hash.mix(Hash.of(head), tail == null ? 0 : tail.hash());
            hash = h == 0 ? 1 : h;
        }
        return hash;
    }
}
