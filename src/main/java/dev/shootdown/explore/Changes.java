package dev.shootdown.explore;

import dev.shootdown.sim.Branch;
import java.util.Arrays;

/** The places that those who move may write, in one question of {@link Foresight}; each is handed out once. */
final class Changes {
    private final PlaceSets sets;
    /** By place, and by set: the question in which it was added. */
    private int[] places = new int[256];
    private int[] added = new int[256];
    private int[] list = new int[64];
    private int count;
    private int taken;
    private int stamp;

    Changes(PlaceSets sets) {
        this.sets = sets;
    }

    void clear() {
        stamp++;
        count = 0;
        taken = 0;
        if (places.length < sets.placeCount()) {
            places = Arrays.copyOf(places, 2 * sets.placeCount());
        }
        if (added.length < sets.count()) {
            added = Arrays.copyOf(added, 2 * sets.count());
        }
    }

    /** Adds what a set writes. */
    void add(int set) {
        if (added[set] == stamp) {
            return;
        }
        added[set] = stamp;
        for (int place : sets.writes(set)) {
            if (places[place] != stamp) {
                places[place] = stamp;
                list = count < list.length ? list : Arrays.copyOf(list, 2 * count);
                list[count++] = place;
            }
        }
    }

    /** Whether a place was added that was not handed out. */
    boolean any() {
        return taken < count;
    }

    int take() {
        return list[taken++];
    }

    /** Whether what a question asks for was added. */
    boolean has(Branch branch) {
        if (branch.number() >= 0) {
            return places[branch.number()] == stamp;
        }
        for (int i = 0; i < count; i++) {
            long place = sets.placeOf(list[i]);
            if (place >= branch.place() && place < branch.place() + branch.width()) {
                return true;
            }
        }
        return false;
    }
}
