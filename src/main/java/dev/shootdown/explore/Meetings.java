package dev.shootdown.explore;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Why a reduced search had to try more than one actor in a state: which step met which actor on what. Meetings that
 * are none (two counters of events, neighbours that share a place) are the way to better cells.
 */
public final class Meetings {
    /**
     * @param actor whose step it was
     * @param step  its name
     * @param other whom it met: somebody who may touch the same later
     * @param cell  where: the name of a store; {@code "a cycle"} where everything had to be tried
     * @param count in how many states
     */
    public record Meeting(String actor, String step, String other, String cell, long count) {}

    private record Key(String actor, String step, String other, String cell) {}

    private final Map<Key, Long> counts = new HashMap<>();

    void add(String actor, String step, String other, String cell) {
        counts.merge(new Key(actor, step, other, cell), 1L, Long::sum);
    }

    /** The most frequent first. */
    public List<Meeting> list() {
        List<Meeting> list = new ArrayList<>();
        counts.forEach((key, count) -> list.add(new Meeting(key.actor, key.step, key.other, key.cell, count)));
        list.sort(Comparator.comparingLong(Meeting::count).reversed().thenComparing(Meeting::toString));
        return list;
    }
}
